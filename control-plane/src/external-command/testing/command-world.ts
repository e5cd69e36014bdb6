import { ContactInput } from "@mycloud/protocol/contact";
import type { ConnectedDatabase } from "../../database/dialect/dialect.ts";
import { systemActor } from "../../http/actor.ts";
import { carla, commandsFixture } from "./commands-fixture.ts";

/** The hosts, services, people and problems that the cases of nagios-commands.ts are about, all of one customer when one is given. */
export async function commandWorld(database: ConnectedDatabase, customer: string | null = null) {
  const fixture = await commandsFixture(database, { hosts: 2, servicesPerHost: 2 });
  const { run, clock, ids, asked, told } = fixture;
  const { db } = database;
  const [hostId, serviceId] = [ids[0]?.hostId ?? 0, ids[0]?.serviceIds[0] ?? 0];
  const stamps = { created_at_ms: 1, updated_at_ms: 1 };
  await db.updateTable("host").set({ customer }).execute();
  await db.updateTable("host").set({ settings_json: '{"parents":["web1"]}' }).where("name", "=", "web2").execute();
  await db.insertInto("host_group").values({ host_id: hostId, group_name: "web" }).execute();
  for (const [kind, name, spec] of [
    ["ServiceGroup", "disks", { selector: { hosts: ["web1"], services: ["s1"] } }],
    ["ContactGroup", "admins", { contacts: ["anna"] }],
    ["TimePeriod", "nights", { weekly: { monday: ["00:00-06:00"] } }],
  ] as const) {
    await db
      .insertInto("definition")
      .values({ kind, name, spec_json: JSON.stringify(spec), ...stamps })
      .execute();
  }
  const { name, channels, ...settings } = ContactInput.parse({ name: "anna" });
  const anna = { name, email: "", user_id: null, customer, is_enabled: 1, ...stamps };
  await db
    .insertInto("contact")
    .values({ ...anna, settings_json: JSON.stringify({ ...settings, channels }) })
    .execute();
  await run(["PROCESS_HOST_CHECK_RESULT;web1;1;down", "PROCESS_SERVICE_CHECK_RESULT;web1;s1;2;full"]);
  await run(["ADD_HOST_COMMENT;web1;1;dora;first of the host", "ADD_SVC_COMMENT;web1;s1;1;dora;first of s1"]);
  const rest = `${clock.nowMs / 1000};${clock.nowMs / 1000 + 3600};1;0;0;dora`;
  const planned = [
    `SCHEDULE_HOST_DOWNTIME;web1;${rest};first of the host`,
    `SCHEDULE_SVC_DOWNTIME;web1;s1;${rest};first of s1`,
    `SCHEDULE_SVC_DOWNTIME;web1;s2;${rest};only this`,
  ];
  await run(planned, customer === null ? carla : operatorOf(customer));
  const rule = { selector_json: "{}", states_json: "[]", is_enabled: 1, settings_json: "{}", ...stamps };
  await db
    .insertInto("notification_rule")
    .values({ name: "all", ...rule })
    .execute();
  const [{ id: rule_id }] = (await db.selectFrom("notification_rule").select("id").execute()) as [{ id: number }];
  for (const { id } of await db.selectFrom("problem").select("id").execute()) {
    const schedule = { problem_id: id, rule_id, count: 1, due_at_ms: clock.nowMs + 60_000, repeat_at_ms: null };
    await db.insertInto("notification_schedule").values(schedule).execute();
  }
  await db
    .updateTable("host_state")
    .set({ flap_history: "010101010101010101010" })
    .where("host_id", "=", hostId)
    .execute();
  await db
    .updateTable("service_state")
    .set({ flap_history: "020202020202020202020" })
    .where("service_id", "=", serviceId)
    .execute();
  const downtimes = await db.selectFrom("downtime").select("id").orderBy("id").execute();
  const comments = await db.selectFrom("comment").select("id").orderBy("id").execute();
  const values: Record<string, string | number | undefined> = {
    NOW: clock.nowMs / 1000,
    LATER: clock.nowMs / 1000 + 3600,
    DOWNTIME_HOST: downtimes[0]?.id,
    DOWNTIME_SVC: downtimes[1]?.id,
    COMMENT_HOST: comments[0]?.id,
    COMMENT_SVC: comments[1]?.id,
  };

  /** Everything that a command can change, a text a row. */
  async function everything(): Promise<Set<string>> {
    const rows = async (table: string, found: Promise<readonly object[]>) =>
      (await found).map((row) => `${table}: ${JSON.stringify(row)}`);
    return new Set([
      ...(await rows("override", db.selectFrom("runtime_override").select(["object_key", "settings_json"]).execute())),
      ...(await rows("downtime", db.selectFrom("downtime").selectAll().execute())),
      ...(await rows("comment", db.selectFrom("comment").selectAll().execute())),
      ...(await rows("acknowledgement", db.selectFrom("acknowledgement").selectAll().execute())),
      ...(await rows("check_result", db.selectFrom("check_result").select(["id", "output"]).execute())),
      ...(await rows("notification_schedule", db.selectFrom("notification_schedule").selectAll().execute())),
      ...(await rows("state", db.selectFrom("host_state").select(["host_id", "flap_history"]).execute())),
      ...(await rows("state", db.selectFrom("service_state").select(["service_id", "flap_history"]).execute())),
      ...told.map((text, index) => `told: ${text} (${index})`),
      ...asked.map(({ hostIds, serviceIds, atMs }, index) => {
        const what = hostIds.length > 0 ? `hosts ${hostIds.length}` : `services ${serviceIds.length}`;
        return `asked: ${what}${atMs === undefined ? "" : ` at ${atMs}`} (${index})`;
      }),
    ]);
  }

  return {
    ...fixture,
    /** The line of a case, its placeholders filled in. */
    lineOf: (name: string, fields: string) =>
      [name, ...(fields === "" ? [] : [fields])].join(";").replace(/\$([A-Z_]+)/g, (_, key) => String(values[key])),
    /** Does something and answers the rows that came or went. */
    async changedBy(work: () => Promise<unknown>): Promise<string[]> {
      const before = await everything();
      await work();
      const after = await everything();
      const changed = [...before, ...after].filter((row) => before.has(row) !== after.has(row));
      return changed.map((row) => row.replaceAll('\\"', '"'));
    },
  };
}

/** An operator who is bound to a customer. */
export function operatorOf(customer: string) {
  const actor = { ...systemActor, kind: "user" as const, id: "9", name: "Otto", role: "operator" as const, customer };
  return { actor, scope: { kind: "customer" as const, customer }, mayOperate: true };
}
