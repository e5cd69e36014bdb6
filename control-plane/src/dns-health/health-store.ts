import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { ServiceSeen, Standing } from "./standing.ts";

/** A service by the names that records have it by. */
export interface ServiceName {
  readonly host: string;
  readonly service: string;
}

export function serviceKey({ host, service }: ServiceName): string {
  return `${host}\0${service}`;
}

/** A service that records name, with how it stands. */
export interface FollowedService extends ServiceName {
  readonly id: number;
  readonly hostId: number;
  readonly seen: ServiceSeen;
  readonly standing: Standing | undefined;
}

const namesAtOnce = 500;

/** The services of these names that there are, by key. */
export async function findServices(
  executor: Executor,
  names: readonly ServiceName[],
): Promise<ReadonlyMap<string, FollowedService>> {
  const wanted = new Set(names.map(serviceKey));
  const serviceNames = [...new Set(names.map(({ service }) => service))];
  const found = new Map<string, FollowedService>();
  for (let at = 0; at < serviceNames.length; at += namesAtOnce) {
    const rows = await executor
      .selectFrom("service")
      .innerJoin("host", "host.id", "service.host_id")
      .leftJoin("service_state", "service_state.service_id", "service.id")
      .leftJoin("dns_standing", "dns_standing.service_id", "service.id")
      .select(["service.id", "service.host_id", "host.name as host", "service.name as service"])
      .select(["service_state.state", "service_state.is_hard", "service_state.is_stale"])
      .select(["service_state.has_been_checked", "dns_standing.is_out", "dns_standing.changed_at_ms"])
      .select("dns_standing.leaves")
      .where("service.name", "in", serviceNames.slice(at, at + namesAtOnce))
      .execute();
    for (const row of rows) {
      const name = { host: row.host, service: row.service };
      if (!wanted.has(serviceKey(name))) continue;
      const { is_out: isOut, changed_at_ms: changedAtMs, leaves } = row;
      found.set(serviceKey(name), {
        ...name,
        id: row.id,
        hostId: row.host_id,
        seen: {
          state: row.state ?? 0,
          isHard: row.is_hard === 1,
          isStale: row.is_stale === 1,
          hasBeenChecked: row.has_been_checked === 1,
        },
        standing:
          isOut === null || changedAtMs === null || leaves === null
            ? undefined
            : { isOut: isOut === 1, changedAtMs, leaves },
      });
    }
  }
  return found;
}

export async function saveStandings(
  tx: Executor,
  dialect: Dialect,
  standings: readonly (readonly [serviceId: number, standing: Standing])[],
): Promise<void> {
  if (standings.length === 0) return;
  await dialect.upsertMany(
    tx,
    "dns_standing",
    ["service_id", "is_out", "changed_at_ms", "leaves"],
    standings.map(([id, { isOut, changedAtMs, leaves }]) => [id, isOut ? 1 : 0, changedAtMs, leaves]),
    ["service_id"],
  );
}

/** Keys of the services whose records are not handed out. */
export async function findOut(executor: Executor): Promise<ReadonlySet<string>> {
  const rows = await executor
    .selectFrom("dns_standing")
    .innerJoin("service", "service.id", "dns_standing.service_id")
    .innerJoin("host", "host.id", "service.host_id")
    .select(["host.name as host", "service.name as service"])
    .where("dns_standing.is_out", "=", 1)
    .execute();
  return new Set(rows.map(serviceKey));
}

/** A record that left what is answered, or came back, by what its service did. */
export interface HealthChange {
  readonly zoneId: number;
  /** Absolute. */
  readonly owner: string;
  readonly type: string;
  readonly data: string;
  readonly hostId: number;
  readonly serviceId: number;
  readonly isPublished: boolean;
  readonly serial: number;
  readonly atMs: number;
}

/** Of each zone so many are kept. */
const keptOfZone = 10_000;

export async function saveHealthChanges(
  tx: Executor,
  dialect: Dialect,
  zoneId: number,
  changes: readonly HealthChange[],
): Promise<void> {
  if (changes.length === 0) return;
  const columns = [
    "zone_id",
    "owner",
    "type",
    "data",
    "host_id",
    "service_id",
    "is_published",
    "serial",
    "at_ms",
  ] as const;
  await dialect.insertMany(
    tx,
    "dns_health_change",
    columns,
    changes.map(({ owner, type, data, hostId, serviceId, isPublished, serial, atMs }) => [
      ...[zoneId, owner.slice(0, 255), type, data.slice(0, 255), hostId, serviceId, isPublished ? 1 : 0, serial, atMs],
    ]),
  );
  const oldest = await tx
    .selectFrom("dns_health_change")
    .select("id")
    .where("zone_id", "=", zoneId)
    .orderBy("id", "desc")
    .offset(keptOfZone)
    .limit(1)
    .executeTakeFirst();
  if (oldest === undefined) return;
  await tx.deleteFrom("dns_health_change").where("zone_id", "=", zoneId).where("id", "<=", oldest.id).execute();
}

/** What health did to an RRset, newest first. */
export async function listHealthChanges(
  executor: Executor,
  { zoneId, owner, type }: { readonly zoneId: number; readonly owner: string; readonly type: string },
  limit: number,
): Promise<readonly (ServiceName & Pick<HealthChange, "data" | "isPublished" | "serial" | "atMs">)[]> {
  const rows = await executor
    .selectFrom("dns_health_change as change")
    .leftJoin("host", "host.id", "change.host_id")
    .leftJoin("service", "service.id", "change.service_id")
    .select(["change.data", "change.is_published", "change.serial", "change.at_ms"])
    .select(["host.name as host", "service.name as service"])
    .where("change.zone_id", "=", zoneId)
    .where("change.owner", "=", owner.slice(0, 255))
    .where("change.type", "=", type)
    .orderBy("change.id", "desc")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    ...{ data: row.data, isPublished: row.is_published === 1, serial: row.serial, atMs: row.at_ms },
    ...{ host: row.host ?? "a host that is gone", service: row.service ?? "a service that is gone" },
  }));
}
