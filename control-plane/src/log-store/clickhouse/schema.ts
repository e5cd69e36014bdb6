import type { ClickHouseClient } from "./client.ts";

/**
 * Makes the database's tables, if they are not there. `words` are the message's words (`tokensOf`), each between blanks, so that words, phrases and
 * beginnings are plain substrings. A field stands at the same place in `names`, `folded` (its value in lower case), `numbers` (NaN when it is none) and
 * `raw` (its value as JSON). `chunk` is 0 where there was none.
 */
export async function createTables(client: ClickHouseClient, database: string): Promise<void> {
  await client.run(`create database if not exists ${database}`);
  await client.run(`create table if not exists ${database}.log_record (
    day Date,
    time_us Int64,
    seq UInt64,
    stored_at DateTime default now(),
    received_at_ms Int64,
    host String,
    host_id Nullable(Int64),
    customer Nullable(String),
    source String,
    service String,
    severity UInt8,
    facility UInt8,
    template String,
    pattern String,
    chunk UInt64,
    message String,
    words String,
    names Array(String),
    folded Array(String),
    numbers Array(Float64),
    raw Array(String)
  ) engine = MergeTree() partition by day order by (time_us, seq)`);
  await client.run(`create table if not exists ${database}.log_chunk (
    received_day Date,
    received_at_ms Int64,
    sender String,
    chunk String,
    is_done UInt8,
    query String
  ) engine = ReplacingMergeTree(is_done) partition by received_day order by (sender, chunk)`);
  await client.run(`create table if not exists ${database}.log_pattern (
    id String,
    template String,
    shown_at DateTime default now()
  ) engine = ReplacingMergeTree(shown_at) order by id`);
  await syncParts(client, database);
}

/**
 * Asks that what is inserted is on the disk before it is acknowledged, of servers that can (20.10 and later, by their own list). Older ones, 18.16 among
 * them, leave that to the kernel: what was acknowledged survives their end, not a loss of power.
 */
async function syncParts(client: ClickHouseClient, database: string): Promise<void> {
  const lists = await client.query(
    "select name from system.tables where database = 'system' and name = 'merge_tree_settings'",
  );
  if (lists.length === 0) return;
  const settings = await client.query<{ readonly name: string }>(
    "select name from system.merge_tree_settings where name in ('fsync_after_insert', 'fsync_part_directory') order by name",
  );
  if (settings.length === 0) return;
  const wanted = settings.map(({ name }) => `${name} = 1`).join(", ");
  for (const table of ["log_record", "log_chunk"]) {
    await client.run(`alter table ${database}.${table} modify setting ${wanted}`);
  }
}
