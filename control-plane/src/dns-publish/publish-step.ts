import type { Dialect, Executor } from "../database/dialect/dialect.ts";

/** What one serial takes away and brings, in the feed's lines; SOA records are among them. */
export interface PublishedStep {
  readonly fromSerial: number;
  readonly toSerial: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** A step with more records than this is no shorter than the zone for whoever fetches it, and too much for a row. */
export const maximumStepRecords = 20_000;
const maximumStepCharacters = 4_000_000;
/** Steps that are kept of a zone, and how many records they may have together; a secondary that is further behind takes the whole zone. */
const keptSteps = 500;
const keptRecords = 200_000;

/** Keeps a step, and forgets those that are too many. One that is too large ends what can be told in steps. */
export async function saveStep(
  tx: Executor,
  dialect: Dialect,
  zoneId: number,
  step: PublishedStep,
  nowMs: number,
): Promise<void> {
  const recordCount = step.removed.length + step.added.length;
  const removed = recordCount > maximumStepRecords ? "" : JSON.stringify(step.removed);
  const added = recordCount > maximumStepRecords ? "" : JSON.stringify(step.added);
  if (removed === "" || Math.max(removed.length, added.length) > maximumStepCharacters) {
    await forgetSteps(tx, zoneId);
    return;
  }
  await dialect.insertMany(
    tx,
    "dns_step",
    ["zone_id", "from_serial", "to_serial", "record_count", "removed_json", "added_json", "at_ms"],
    [[zoneId, step.fromSerial, step.toSerial, recordCount, removed, added, nowMs]],
  );
  await forgetOldSteps(tx, zoneId);
}

/** Whoever comes next takes the whole zone. */
export async function forgetSteps(tx: Executor, zoneId: number): Promise<void> {
  await tx.deleteFrom("dns_step").where("zone_id", "=", zoneId).execute();
}

async function forgetOldSteps(tx: Executor, zoneId: number): Promise<void> {
  const rows = await tx
    .selectFrom("dns_step")
    .select(["id", "record_count"])
    .where("zone_id", "=", zoneId)
    .orderBy("id", "desc")
    .execute();
  let records = 0;
  const last = rows.findIndex(({ record_count }, index) => {
    records += record_count;
    return index >= keptSteps || records > keptRecords;
  });
  const oldest = last < 0 ? undefined : rows[last]?.id;
  if (oldest === undefined) return;
  await tx.deleteFrom("dns_step").where("zone_id", "=", zoneId).where("id", "<=", oldest).execute();
}

/** The steps from a serial to the newest; null where that serial is not known (any more). */
export async function findStepsSince(
  executor: Executor,
  zoneId: number,
  serial: number,
): Promise<PublishedStep[] | null> {
  const first = await executor
    .selectFrom("dns_step")
    .select("id")
    .where("zone_id", "=", zoneId)
    .where("from_serial", "=", serial)
    .orderBy("id", "desc")
    .executeTakeFirst();
  if (first === undefined) return null;
  const rows = await executor
    .selectFrom("dns_step")
    .selectAll()
    .where("zone_id", "=", zoneId)
    .where("id", ">=", first.id)
    .orderBy("id")
    .execute();
  return rows.map((row) => ({
    fromSerial: row.from_serial,
    toSerial: row.to_serial,
    removed: JSON.parse(row.removed_json),
    added: JSON.parse(row.added_json),
  }));
}
