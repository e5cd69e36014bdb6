import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { Scope } from "../scope/index.ts";

/** What a host's agent pushed last. */
export interface HostMetrics {
  readonly hostId: number;
  /** Of the newest batches, newest first. */
  readonly batchIds: readonly string[];
  readonly scrapedAtMs: number;
  /** From then on it is as if nothing had been pushed. */
  readonly staleAtMs: number;
  /** Whether remote writes were told that its series have ended. */
  readonly isEnded: boolean;
  readonly samples: number;
  readonly expositionGzip: Buffer;
}

const compress = promisify(gzip);
const uncompress = promisify(gunzip);
/** Larger than anything that was taken. */
const longestExpositionBytes = 32 * 1024 * 1024;

/** As it is stored. */
export async function packExposition(text: string): Promise<Buffer> {
  return await compress(text, { level: 4 });
}

/** The text again. Throws Error when somebody else wrote to the table. */
export async function unpackExposition({ expositionGzip }: Pick<HostMetrics, "expositionGzip">): Promise<string> {
  return (await uncompress(expositionGzip, { maxOutputLength: longestExpositionBytes })).toString("utf8");
}

/** Null when nothing was pushed, there is no such host, or it is another customer's. */
export async function findHostMetrics(executor: Executor, scope: Scope, hostId: number): Promise<HostMetrics | null> {
  let query = executor
    .selectFrom("host_metrics")
    .innerJoin("host", "host.id", "host_metrics.host_id")
    .selectAll("host_metrics")
    .where("host_metrics.host_id", "=", hostId);
  if (scope.kind === "customer") query = query.where("host.customer", "=", scope.customer);
  const row = await query.executeTakeFirst();
  return row === undefined ? null : toHostMetrics(row);
}

/** Of those that got stale and whose end nobody told, the first few. */
export async function findEnded(executor: Executor, nowMs: number, limit: number): Promise<HostMetrics[]> {
  const rows = await executor
    .selectFrom("host_metrics")
    .selectAll()
    .where("is_ended", "=", 0)
    .where("stale_at_ms", "<=", nowMs)
    .orderBy("stale_at_ms")
    .limit(limit)
    .execute();
  return rows.map(toHostMetrics);
}

export async function saveHostMetrics(tx: Executor, dialect: Dialect, metrics: HostMetrics): Promise<void> {
  await dialect.upsertMany(
    tx,
    "host_metrics",
    ["host_id", "batch_ids", "scraped_at_ms", "stale_at_ms", "is_ended", "samples", "exposition_gzip"],
    [
      [
        metrics.hostId,
        metrics.batchIds.join(","),
        metrics.scrapedAtMs,
        metrics.staleAtMs,
        metrics.isEnded ? 1 : 0,
        metrics.samples,
        metrics.expositionGzip.toString("base64"),
      ],
    ],
    ["host_id"],
  );
}

/** Notes that the end of its series was told, unless more was pushed meanwhile. */
export async function markEnded(
  executor: Executor,
  { hostId, scrapedAtMs }: Pick<HostMetrics, "hostId" | "scrapedAtMs">,
): Promise<void> {
  await executor
    .updateTable("host_metrics")
    .set({ is_ended: 1 })
    .where("host_id", "=", hostId)
    .where("scraped_at_ms", "=", scrapedAtMs)
    .execute();
}

interface StoredRow {
  readonly host_id: number;
  readonly batch_ids: string;
  readonly scraped_at_ms: number;
  readonly stale_at_ms: number;
  readonly is_ended: number;
  readonly samples: number;
  readonly exposition_gzip: string;
}

function toHostMetrics(row: StoredRow): HostMetrics {
  return {
    hostId: row.host_id,
    batchIds: row.batch_ids === "" ? [] : row.batch_ids.split(","),
    scrapedAtMs: row.scraped_at_ms,
    staleAtMs: row.stale_at_ms,
    isEnded: row.is_ended === 1,
    samples: row.samples,
    expositionGzip: Buffer.from(row.exposition_gzip, "base64"),
  };
}
