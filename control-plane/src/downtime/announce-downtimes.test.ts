import assert from "node:assert/strict";
import { it } from "node:test";
import { DowntimeInput, type DowntimeRequest } from "@mycloud/protocol/downtime";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { carla } from "../external-command/testing/commands-fixture.ts";
import { createAnnounceOperation } from "../notification/announce-operations.ts";
import { notificationFixture } from "../notification/testing/notification-fixture.ts";
import { createAnnounceDowntime } from "./announce-downtimes.ts";
import { noteDowntimes } from "./downtime-clock.ts";
import { createDowntimes } from "./plan-downtimes.ts";

/** A host with two services, and downtimes that are told of: the administrator is user 1, and every rule's contact. */
async function fixtureOf(database: ConnectedDatabase, states: readonly string[] = ["CRITICAL"]) {
  const fixture = await notificationFixture(database, { servicesPerHost: 2 });
  const { clock, now, audit, changes, notifications: definitions, definitions: hosts, newThreadKey } = fixture;
  await database.db
    .updateTable("notification_rule")
    .set({ states_json: JSON.stringify(states) })
    .execute();
  definitions.forget();
  const shared = { database, definitions, hosts, messageIdDomain: "monitor.example.org", newThreadKey };
  const announce = createAnnounceDowntime(database.dialect, createAnnounceOperation(shared));
  const downtimes = createDowntimes({ database, audit, changes, now });
  return {
    ...fixture,
    downtimes,
    plan: async (request: Partial<DowntimeRequest>, userId = "1") => {
      const [startAtMs, endAtMs] = [clock.nowMs, clock.nowMs + 3_600_000];
      const input = DowntimeInput.parse({ selector: {}, startAtMs, endAtMs, comment: "new disks", ...request });
      definitions.forget();
      return await downtimes.plan({ ...carla, actor: { ...carla.actor, id: userId } }, input);
    },
    async move(seconds: number) {
      clock.nowMs += seconds * 1000;
      await Promise.all([1, 2].map(() => noteDowntimes({ database, audit, changes, announce, now })));
    },
    async told() {
      const rows = await database.db.selectFrom("notification").selectAll().orderBy("id").execute();
      return rows.map((row) => `${row.type} ${row.address} ${JSON.parse(row.content_json).remark}`);
    },
  };
}

forEachDialect((_, open) => {
  it("who planned a downtime is told of its start and end, once each, with what is still bad", async () => {
    const database = await open();
    const { plan, move, told, post, ids } = await fixtureOf(database);
    const { hostId, serviceIds } = ids[0] ?? { hostId: 0, serviceIds: [] };
    const { id } = await plan({ selector: { hosts: ["web1"] } });
    await move(1);
    await post(hostId, serviceIds[0] ?? 0, 2);
    await move(3600);
    await move(1);
    const [start = "", end = "", ...more] = (await told()).filter((line) => line.startsWith("DOWNTIME"));
    assert.match(start, new RegExp(`^DOWNTIMESTART admin@example.org downtime ${id} until .* \\(Carla: new disks\\)$`));
    assert.equal(end, `DOWNTIMEEND admin@example.org downtime ${id} (Carla: new disks); still bad: web1/s1`);
    assert.deepEqual(more, []);
  });

  it("a user who is no contact is told by their own address", async () => {
    const database = await open();
    const { plan, move, told } = await fixtureOf(database);
    const row = {
      role: "operator",
      customer: null,
      password_hash: "x",
      is_disabled: 0,
      created_at_ms: 0,
      updated_at_ms: 0,
    };
    const user = await database.db
      .insertInto("user")
      .values({ ...row, email: "dora@example.org", name: "Dora" })
      .returning("id")
      .executeTakeFirstOrThrow();
    await plan({}, String(user.id));
    await move(1);
    assert.match((await told())[0] ?? "", /^DOWNTIMESTART dora@example\.org /);
  });

  it("a rule with DOWNTIME tells its contacts, once each, and one without tells nobody", async () => {
    for (const [states, count] of [
      [["DOWNTIME"], 1],
      [["CRITICAL"], 0],
    ] as const) {
      const { plan, move, told } = await fixtureOf(await open(), states);
      await plan({}, "999");
      await move(1);
      assert.equal((await told()).length, count);
    }
  });

  it("a cancelled downtime is told when it had begun, and not when it had not", async () => {
    const database = await open();
    const { plan, move, told, downtimes, clock } = await fixtureOf(database);
    const running = await plan({});
    const pending = await plan({ startAtMs: clock.nowMs + 600_000, endAtMs: clock.nowMs + 700_000 });
    await move(1);
    for (const { id } of [running, pending]) await downtimes.cancel(carla, id);
    await move(1);
    assert.deepEqual(
      (await told()).map((line) => line.split(" ")[0]),
      ["DOWNTIMESTART", "DOWNTIMECANCELLED"],
    );
  });

  it("a reminder comes before the end when something is still bad, once, and not when nothing is", async () => {
    for (const code of [2, 0]) {
      const { plan, move, told, post, ids } = await fixtureOf(await open());
      const { hostId, serviceIds } = ids[0] ?? { hostId: 0, serviceIds: [] };
      await plan({ reminderSeconds: 600 });
      await move(1);
      await post(hostId, serviceIds[0] ?? 0, code);
      await move(2990);
      await move(20);
      await move(20);
      const reminders = (await told()).filter((line) => line.startsWith("CUSTOM"));
      assert.equal(reminders.length, code === 2 ? 1 : 0);
      if (code === 2) assert.match(reminders[0] ?? "", /ends at .* still bad: web1\/s1$/);
    }
  });
});
