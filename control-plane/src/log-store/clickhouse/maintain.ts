import { setTimeout as sleep } from "node:timers/promises";
import type { LogRetention } from "../log-store.ts";
import { LogStoreFaultError } from "../log-store-error.ts";
import { dayName, dayOf } from "../record-id.ts";
import type { ClickHouseClient } from "./client.ts";
import { literal } from "./literal.ts";

/** What a record counts for beside its text, as in the embedded store. */
const rowBytes = 60;
const mutationTimeoutMs = 600_000;

/** Drops days that are too old, and of sources that have too much their oldest records. Chunks are forgotten with the days they came on. */
export async function maintain(
  client: ClickHouseClient,
  database: string,
  retention: LogRetention,
  nowMs: number,
): Promise<{ removedRecords: number; removedBytes: number }> {
  const before = await sizeOf(client, database);
  const oldest = dayName(dayOf(nowMs * 1000) - retention.days);
  for (const table of ["log_record", "log_chunk"]) {
    const column = table === "log_record" ? "day" : "received_day";
    const days = await client.query<{ day: string }>(
      `select distinct toString(${column}) as day from ${database}.${table} where ${column} < '${oldest}'`,
    );
    for (const { day } of days) await client.run(`alter table ${database}.${table} drop partition '${day}'`);
  }
  if (retention.bytesPerSource !== null) await removeExcess(client, database, retention.bytesPerSource);
  const after = await sizeOf(client, database);
  return {
    removedRecords: Math.max(0, before.records - after.records),
    removedBytes: Math.max(0, before.bytes - after.bytes),
  };
}

async function removeExcess(client: ClickHouseClient, database: string, maximum: number): Promise<void> {
  const table = `${database}.log_record`;
  const sizes = await client.query<{ day: string; source: string; bytes: string }>(
    `select toString(day) as day, source, sum(length(message) + arraySum(v -> length(v), raw) + ${rowBytes}) as bytes
     from ${table} group by day, source order by day`,
  );
  for (const [source, days] of Map.groupBy(sizes, (size) => size.source)) {
    let excess = days.reduce((sum, { bytes }) => sum + Number(bytes), 0) - maximum;
    for (const { day, bytes } of days) {
      if (excess <= 0) break;
      const ofSource = `day = '${day}' and source = ${literal(source)}`;
      const share = Math.min(1, excess / Number(bytes));
      let where = ofSource;
      if (share < 1) {
        const [cut] = await client.query<{ us: string }>(
          `select toString(quantileExact(${share})(time_us)) as us from ${table} where ${ofSource}`,
        );
        where = `${ofSource} and time_us <= ${cut?.us ?? 0}`;
      }
      await client.run(`alter table ${table} delete where ${where}`);
      await whenMutated(client, database);
      excess -= Number(bytes) * share;
    }
  }
}

/** ClickHouse deletes behind the scenes. */
async function whenMutated(client: ClickHouseClient, database: string): Promise<void> {
  const deadline = performance.now() + mutationTimeoutMs;
  while (performance.now() < deadline) {
    const [row] = await client.query<{ open: string }>(
      `select count() as open from system.mutations where database = ${literal(database)} and not is_done`,
    );
    if (Number(row?.open ?? 0) === 0) return;
    await sleep(100);
  }
  throw new LogStoreFaultError("ClickHouse has not removed old logs within ten minutes; it goes on by itself");
}

/** What all records take. */
export async function sizeOf(client: ClickHouseClient, database: string): Promise<{ records: number; bytes: number }> {
  const [row] = await client.query<{ records: string; bytes: string }>(
    `select sum(rows) as records, sum(bytes_on_disk) as bytes from system.parts
     where active and database = ${literal(database)} and table = 'log_record'`,
  );
  return { records: Number(row?.records ?? 0), bytes: Number(row?.bytes ?? 0) };
}
