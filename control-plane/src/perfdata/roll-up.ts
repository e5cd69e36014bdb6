import { parsePerfdata, toBaseUnit } from "@mycloud/checks/plugin-api";
import { sql } from "kysely";
import type { ConnectedDatabase, Dialect, Executor } from "../database/dialect/dialect.ts";
import { idList } from "../monitored/index.ts";
import { joinPoints, type Point } from "./bucket-points.ts";
import { seriesBounds } from "./series-bounds.ts";

/** Widths of rollups, in seconds; kept 30 days and one year. */
export const rollupResolutions = [60, 900] as const;
const watermarkSetting = "rollup_watermark";
/**
 * Results are rolled up this long after they came. Ids are given out before transactions commit, so a lower id can appear after a higher one;
 * no transaction takes half as long as this.
 */
const settleMs = 60_000;

/**
 * Rolls up the next results after the watermark, at most `limit`, and moves the watermark in the same transaction: each result counts exactly
 * once, whenever the process dies. Answers how many it took; 0 = caught up. Call under a lease.
 */
export async function rollUpNext(database: ConnectedDatabase, limit: number, nowMs: number): Promise<number> {
  return await database.transaction(async (tx) => {
    const watermark = await findWatermark(tx, database.dialect);
    const rows = await tx
      .selectFrom("check_result")
      .select(["id", "service_id", "perfdata", "checked_at_ms", "received_at_ms"])
      .where("id", ">", watermark)
      .orderBy("id")
      .limit(limit)
      .execute();
    const unsettled = rows.findIndex((row) => row.received_at_ms > nowMs - settleMs);
    const settled = unsettled === -1 ? rows : rows.slice(0, unsettled);
    const last = settled.at(-1);
    if (last === undefined) return 0;
    await store(tx, database.dialect, collect(settled));
    await tx
      .updateTable("setting")
      .set({ value: String(last.id) })
      .where("name", "=", watermarkSetting)
      .execute();
    return settled.length;
  });
}

async function findWatermark(tx: Executor, dialect: Dialect): Promise<number> {
  await dialect.insertIfAbsent(tx, "setting", { name: watermarkSetting, value: "0" });
  const row = await tx
    .selectFrom("setting")
    .select("value")
    .where("name", "=", watermarkSetting)
    .modifyEnd(dialect.forUpdate)
    .executeTakeFirst();
  return Number(row?.value ?? 0);
}

interface Label {
  readonly serviceId: number;
  readonly label: string;
  readonly unit: string;
  readonly warn: string | null;
  readonly crit: string | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly seenAtMs: number;
  /** By resolution and bucket. */
  readonly buckets: Map<string, { resolutionSeconds: number; point: Point }>;
}

interface ResultRow {
  readonly service_id: number | null;
  readonly perfdata: string;
  readonly checked_at_ms: number;
}

/** Parses results into buckets by service and label. Pure. */
function collect(rows: readonly ResultRow[]): Label[] {
  const labels = new Map<string, Label>();
  for (const row of rows) {
    if (row.service_id === null || row.perfdata === "") continue;
    for (const item of parsePerfdata(row.perfdata).perfdata) {
      if (item.value === null) continue;
      const { value, unit } = toBaseUnit(item.value, item.unit);
      const key = `${row.service_id} ${item.label}`;
      const buckets = labels.get(key)?.buckets ?? new Map();
      labels.set(key, {
        serviceId: row.service_id,
        label: item.label,
        unit,
        ...seriesBounds(item),
        seenAtMs: row.checked_at_ms,
        buckets,
      });
      for (const resolutionSeconds of rollupResolutions) {
        const atMs = Math.floor(row.checked_at_ms / (resolutionSeconds * 1000)) * resolutionSeconds * 1000;
        const point = { atMs, count: 1, sum: value, min: value, max: value };
        const bucket = `${resolutionSeconds} ${atMs}`;
        const before = buckets.get(bucket);
        buckets.set(bucket, { resolutionSeconds, point: before ? joinPoints(before.point, point) : point });
      }
    }
  }
  return [...labels.values()];
}

async function store(tx: Executor, dialect: Dialect, labels: readonly Label[]): Promise<void> {
  // Services deleted since their results came have nowhere to put rollups.
  const alive = await findExisting(tx, dialect, [...new Set(labels.map((label) => label.serviceId))]);
  const kept = labels.filter((label) => alive.has(label.serviceId));
  if (kept.length === 0) return;
  const columns = ["service_id", "label", "unit", "warn", "crit", "min", "max", "last_seen_at_ms"] as const;
  const rows = kept.map((label) => [
    label.serviceId,
    label.label,
    label.unit,
    label.warn,
    label.crit,
    label.min,
    label.max,
    label.seenAtMs,
  ]);
  await dialect.upsertMany(tx, "perfdata_label", columns, rows, ["service_id", "label"]);
  const ids = await findLabelIds(tx, dialect, [...alive]);
  const wanted = kept.flatMap((label) => {
    const labelId = ids.get(`${label.serviceId} ${label.label}`);
    return labelId === undefined ? [] : [...label.buckets.values()].map((bucket) => ({ ...bucket, labelId }));
  });
  const before = await findBuckets(tx, dialect, wanted);
  await dialect.upsertMany(
    tx,
    "perfdata_rollup",
    ["label_id", "resolution_seconds", "bucket_at_ms", "count", "sum", "min", "max"],
    wanted.map(({ labelId, resolutionSeconds, point }) => {
      const stored = before.get(`${labelId} ${resolutionSeconds} ${point.atMs}`);
      const { atMs, count, sum, min, max } = stored ? joinPoints(stored, point) : point;
      return [labelId, resolutionSeconds, atMs, count, sum, min, max];
    }),
    ["label_id", "resolution_seconds", "bucket_at_ms"],
  );
}

async function findExisting(tx: Executor, dialect: Dialect, ids: readonly number[]): Promise<ReadonlySet<number>> {
  if (ids.length === 0) return new Set();
  const rows = await tx
    .selectFrom("service")
    .select("id")
    .where(sql<boolean>`id in ${idList(dialect, ids)}`)
    .execute();
  return new Set(rows.map((row) => row.id));
}

async function findLabelIds(tx: Executor, dialect: Dialect, serviceIds: readonly number[]) {
  const rows = await tx
    .selectFrom("perfdata_label")
    .select(["id", "service_id", "label"])
    .where(sql<boolean>`service_id in ${idList(dialect, serviceIds)}`)
    .execute();
  return new Map(rows.map((row) => [`${row.service_id} ${row.label}`, row.id]));
}

/** The stored buckets of these labels between the first and the last one wanted. */
async function findBuckets(
  tx: Executor,
  dialect: Dialect,
  wanted: readonly { labelId: number; point: Point }[],
): Promise<ReadonlyMap<string, Point>> {
  if (wanted.length === 0) return new Map();
  const instants = wanted.map(({ point }) => point.atMs);
  const rows = await tx
    .selectFrom("perfdata_rollup")
    .selectAll()
    .where(sql<boolean>`label_id in ${idList(dialect, [...new Set(wanted.map(({ labelId }) => labelId))])}`)
    .where(
      "bucket_at_ms",
      ">=",
      instants.reduce((a, b) => Math.min(a, b)),
    )
    .where(
      "bucket_at_ms",
      "<=",
      instants.reduce((a, b) => Math.max(a, b)),
    )
    .execute();
  const found = new Map<string, Point>();
  for (const { label_id, resolution_seconds, bucket_at_ms: atMs, count, sum, min, max } of rows) {
    found.set(`${label_id} ${resolution_seconds} ${atMs}`, { atMs, count, sum, min, max });
  }
  return found;
}
