import { LabelSet } from "@mycloud/protocol/alert";
import { type Selectable, sql } from "kysely";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import type { AlertTable } from "../database/schema.ts";
import { chunksOf } from "../monitored/index.ts";
import type { Scope } from "../scope/index.ts";

/** An alert as it is kept. */
export interface StoredAlert {
  readonly identityHash: string;
  readonly fingerprint: string;
  readonly customer: string | null;
  readonly hostName: string;
  readonly serviceName: string;
  readonly labels: LabelSet;
  readonly annotations: LabelSet;
  readonly generatorUrl: string;
  readonly returnCode: number;
  readonly startsAtMs: number;
  readonly endsAtMs: number | null;
  readonly resolvedAtMs: number | null;
  readonly updatedAtMs: number;
}

const columns = [
  "identity_hash",
  "fingerprint",
  "customer",
  "host_name",
  "service_name",
  "labels_json",
  "annotations_json",
  "generator_url",
  "return_code",
  "starts_at_ms",
  "ends_at_ms",
  "resolved_at_ms",
  "is_settled",
  "updated_at_ms",
] as const;

/** Stores alerts, each over what is known of it; none is settled. */
export async function saveAlerts(
  tx: Executor,
  { dialect }: ConnectedDatabase,
  alerts: readonly StoredAlert[],
): Promise<void> {
  const rows = alerts.map((alert) => [
    alert.identityHash,
    alert.fingerprint,
    alert.customer,
    alert.hostName,
    alert.serviceName,
    JSON.stringify(alert.labels),
    JSON.stringify(alert.annotations),
    alert.generatorUrl,
    alert.returnCode,
    alert.startsAtMs,
    alert.endsAtMs,
    alert.resolvedAtMs,
    0,
    alert.updatedAtMs,
  ]);
  await dialect.upsertMany(tx, "alert", columns, rows, ["identity_hash"]);
}

/** What is known of alerts, by identity. */
export async function findAlerts(
  executor: Executor,
  identities: readonly string[],
): Promise<ReadonlyMap<string, StoredAlert>> {
  const found = new Map<string, StoredAlert>();
  for (const chunk of chunksOf(identities, 500)) {
    const rows = await executor.selectFrom("alert").selectAll().where("identity_hash", "in", chunk).execute();
    for (const row of rows) found.set(row.identity_hash, toAlert(row));
  }
  return found;
}

/** All alerts of services, firing or not, of hosts by name. */
export async function findAlertsOfHosts(executor: Executor, hostNames: readonly string[]): Promise<StoredAlert[]> {
  const found: StoredAlert[] = [];
  for (const chunk of chunksOf(hostNames, 500)) {
    const rows = await executor.selectFrom("alert").selectAll().where("host_name", "in", chunk).execute();
    found.push(...rows.map(toAlert));
  }
  return found;
}

/** More alerts than anybody reads; the rest is not answered. */
export const maximumListed = 20_000;

/** Alerts that are firing, of hosts the asker may see. */
export async function findFiringAlerts(executor: Executor, scope: Scope): Promise<StoredAlert[]> {
  let query = executor.selectFrom("alert").selectAll("alert").where("resolved_at_ms", "is", null);
  if (scope.kind === "customer") {
    query = query.innerJoin("host", "host.name", "alert.host_name").where("host.customer", "=", scope.customer);
  }
  return (await query.orderBy("identity_hash").limit(maximumListed).execute()).map(toAlert);
}

/** Every alert that is kept, of one customer's hosts or of all. */
export async function findAllAlerts(executor: Executor): Promise<StoredAlert[]> {
  return (await executor.selectFrom("alert").selectAll().execute()).map(toAlert);
}

/** Ends the alerts that were not sent again in time; answers how many. */
export async function resolveOverdue(executor: Executor, nowMs: number): Promise<number> {
  const resolved = await executor
    .updateTable("alert")
    .set({ resolved_at_ms: nowMs, is_settled: 0 })
    .where("resolved_at_ms", "is", null)
    .where("ends_at_ms", "<=", nowMs)
    .executeTakeFirst();
  return Number(resolved.numUpdatedRows);
}

/** Alerts whose services have no result yet that counts them, oldest first. */
export async function findUnsettled(executor: Executor, untilMs: number, limit: number): Promise<StoredAlert[]> {
  const rows = await executor
    .selectFrom("alert")
    .selectAll()
    .where("is_settled", "=", 0)
    .where("updated_at_ms", "<=", untilMs)
    .orderBy("updated_at_ms")
    .limit(limit)
    .execute();
  return rows.map(toAlert);
}

/** Notes that results count these alerts, as they were read: not those that were sent again meanwhile. */
export async function settle(database: ConnectedDatabase, alerts: readonly StoredAlert[]): Promise<void> {
  for (const chunk of chunksOf(alerts, 500)) {
    const newest = Math.max(...chunk.map(({ updatedAtMs }) => updatedAtMs));
    await database.db
      .updateTable("alert")
      .set({ is_settled: 1 })
      .where(
        "identity_hash",
        "in",
        chunk.map(({ identityHash }) => identityHash),
      )
      .where("updated_at_ms", "<=", newest)
      .execute();
  }
}

/** Moves the ends of firing alerts by the time nobody listened, and none closer than `earliestMs`. */
export async function shiftEnds(executor: Executor, outageMs: number, earliestMs: number): Promise<void> {
  const shifted = sql<number>`case when ends_at_ms + ${outageMs} < ${earliestMs} then ${earliestMs} else ends_at_ms + ${outageMs} end`;
  await executor
    .updateTable("alert")
    .set({ ends_at_ms: shifted })
    .where("resolved_at_ms", "is", null)
    .where("ends_at_ms", "is not", null)
    .execute();
}

/** Forgets alerts that ended before an instant. Their services stay. */
export async function deleteResolved(executor: Executor, beforeMs: number): Promise<void> {
  await executor.deleteFrom("alert").where("resolved_at_ms", "<", beforeMs).where("is_settled", "=", 1).execute();
}

function toAlert(row: Selectable<AlertTable>): StoredAlert {
  return {
    identityHash: row.identity_hash,
    fingerprint: row.fingerprint,
    customer: row.customer,
    hostName: row.host_name,
    serviceName: row.service_name,
    labels: LabelSet.parse(JSON.parse(row.labels_json)),
    annotations: LabelSet.parse(JSON.parse(row.annotations_json)),
    generatorUrl: row.generator_url,
    returnCode: Number(row.return_code),
    startsAtMs: row.starts_at_ms,
    endsAtMs: row.ends_at_ms,
    resolvedAtMs: row.resolved_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}
