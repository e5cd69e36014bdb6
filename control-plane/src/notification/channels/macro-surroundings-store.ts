import { ContactGroupInput, HostGroupInput, ServiceGroupInput } from "@mycloud/protocol/group";
import { matchesService } from "@mycloud/protocol/selector";
import { sql } from "kysely";
import type { ConnectedDatabase, Executor } from "../../database/dialect/dialect.ts";
import { loadLiveDowntimes } from "../../downtime/load-live-downtimes.ts";
import { inGroupSql, matchesServiceSql } from "../../monitored/selector-predicate.ts";
import { downtimeFor } from "../definitions.ts";
import { isBundle } from "../mail/bundle-content.ts";
import type { ChannelMessage } from "./channel.ts";
import type { MacroGroup, MacroSurroundings, ObjectHistory } from "./surrounding-macros.ts";
import { countServices, type TotalCounts } from "./total-counts.ts";

const mostMembers = 1_000;

/** Reads what is around the host and the service that a message is about; null for a message about many, or about what is gone. */
export async function findMacroSurroundings(
  { db, dialect }: ConnectedDatabase,
  { content, contact, createdAtMs }: ChannelMessage,
  totals: TotalCounts,
  nowMs: number,
): Promise<MacroSurroundings | null> {
  if (isBundle(content)) return null;
  const { hostId, serviceId, serviceName, hostName, hostLabels, hostGroups } = content;
  const row = await db.selectFrom("host").select("customer").where("id", "=", hostId).executeTakeFirst();
  if (row === undefined) return null;
  const host = { name: hostName, labels: hostLabels, groups: hostGroups, customer: row.customer };
  const definitions = await db
    .selectFrom("definition")
    .select(["kind", "name", "spec_json"])
    .where("kind", "in", ["HostGroup", "ServiceGroup", "ContactGroup"])
    .orderBy("name")
    .execute();
  const specsOf = (kind: string) =>
    definitions
      .filter((definition) => definition.kind === kind)
      .map(({ name, spec_json }) => ({ ...Object(JSON.parse(spec_json)), name }));
  const [hostGroupName] = hostGroups;
  const serviceGroups = specsOf("ServiceGroup")
    .map((spec) => ServiceGroupInput.parse(spec))
    .filter(({ selector }) => serviceName !== null && matchesService(selector, host, serviceName));
  const contactGroups = groupsOf(
    contact.name,
    specsOf("ContactGroup").map((spec) => ContactGroupInput.parse(spec)),
  );
  const [contactGroup] = contactGroups;
  const downtimes = await loadLiveDowntimes(db, nowMs);
  const isHostDown = content.serviceName === null && content.toState === "DOWN";
  return {
    ...(await totals.asOf(createdAtMs)),
    hostServices: await countServices(db, hostId),
    hostHistory: await findHistory(db, hostId, null),
    serviceHistory: serviceId === null ? null : await findHistory(db, hostId, serviceId),
    isHostInDowntime: downtimeFor(downtimes, host, null, nowMs, isHostDown) !== null,
    isServiceInDowntime: serviceName !== null && downtimeFor(downtimes, host, serviceName, nowMs) !== null,
    hostGroup:
      hostGroupName === undefined ? null : await findHostGroup(db, dialect.kind, hostGroupName, specsOf("HostGroup")),
    serviceGroups: serviceGroups.map(({ name }) => name),
    serviceGroup: await findServiceGroup(db, dialect.kind, serviceGroups[0]),
    contactGroups: contactGroups.map(({ name }) => name),
    contactGroup: contactGroup === undefined ? null : { ...contactGroup, members: contactGroup.contacts },
  };
}

async function findHistory(executor: Executor, hostId: number, serviceId: number | null): Promise<ObjectHistory> {
  const changes = executor
    .selectFrom("state_change")
    .where("kind", "=", "state")
    .$call((query) =>
      serviceId === null
        ? query.where("host_id", "=", hostId).where("service_id", "is", null)
        : query.where("service_id", "=", serviceId),
    );
  const left = await changes
    .select((eb) => ["from_state", eb.fn.max<number>("at_ms").as("at_ms")])
    .groupBy("from_state")
    .execute();
  const newest = await changes
    .select(["id", "to_state"])
    .orderBy("at_ms", "desc")
    .orderBy("id", "desc")
    .limit(2)
    .execute();
  const problems = await executor
    .selectFrom("problem")
    .select("id")
    .$call((query) =>
      serviceId === null
        ? query.where("host_id", "=", hostId).where("service_id", "is", null)
        : query.where("service_id", "=", serviceId),
    )
    .orderBy("id", "desc")
    .limit(2)
    .execute();
  const present =
    serviceId === null
      ? executor.selectFrom("host_state").select("last_check_at_ms").where("host_id", "=", hostId)
      : executor.selectFrom("service_state").select("last_check_at_ms").where("service_id", "=", serviceId);
  const lastCheckAtMs = (await present.executeTakeFirst())?.last_check_at_ms ?? 0;
  const [last, before] = newest;
  return {
    lastAtMs: {
      ...Object.fromEntries(left.map((row) => [row.from_state, Number(row.at_ms)])),
      ...(last === undefined ? {} : { [last.to_state]: lastCheckAtMs }),
    },
    eventIds: [last?.id ?? null, before?.id ?? null],
    problemIds: [problems[0]?.id ?? null, problems[1]?.id ?? null],
  };
}

type DialectKind = ConnectedDatabase["dialect"]["kind"];

async function findHostGroup(
  executor: Executor,
  kind: DialectKind,
  name: string,
  specs: readonly unknown[],
): Promise<MacroGroup> {
  const group = specs.map((spec) => HostGroupInput.parse(spec)).find((one) => one.name === name);
  const rows = await executor
    .selectFrom("host")
    .select(["name", "address"])
    .where(inGroupSql(kind, name))
    .orderBy("name")
    .limit(mostMembers)
    .execute();
  return {
    ...(group ?? HostGroupInput.parse({ name })),
    members: rows.map((row) => row.name),
    addresses: rows.map((row) => row.address ?? row.name),
  };
}

async function findServiceGroup(
  executor: Executor,
  kind: DialectKind,
  group: ServiceGroupInput | undefined,
): Promise<MacroGroup | null> {
  if (group === undefined) return null;
  const rows = await executor
    .selectFrom("service")
    .innerJoin("host", "host.id", "service.host_id")
    .select(["host.name as host_name", "service.name as name"])
    .where(sql<boolean>`${matchesServiceSql(kind, group.selector)}`)
    .orderBy("host.name")
    .orderBy("service.name")
    .limit(mostMembers)
    .execute();
  return { ...group, members: rows.flatMap((row) => [row.host_name, row.name]), addresses: [] };
}

/** The groups that name a contact, themselves or by the groups they hold, in the order of their names. */
function groupsOf(contact: string, groups: readonly ContactGroupInput[]): ContactGroupInput[] {
  const found = new Set(groups.filter(({ contacts }) => contacts.includes(contact)));
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    const names = new Set([...found].map(({ name }) => name));
    for (const group of groups) if (group.groups.some((name) => names.has(name))) found.add(group);
  }
  return groups.filter((group) => found.has(group));
}
