import { setTimeout as sleep } from "node:timers/promises";
import type { LogRecord } from "@mycloud/protocol/log-record";
import type { TailBatch, TailQuestion } from "../tail-bus.ts";
import type { ClickHouseClient } from "./client.ts";
import { conditionSql, scopeSql } from "./condition-sql.ts";
import { type RecordRow, recordColumns, recordOf } from "./rows.ts";

const pollMs = 500;
/** What one control plane stored may be seen so much later than what another stored in the same second. */
const overlapSeconds = 10;
/** Records that one look takes notice of; those beyond are not counted as skipped, since nobody knows of them. */
const maximumNoticed = 100_000;

interface Noticed {
  readonly time_us: string;
  readonly seq: string;
  readonly stored: number;
}

/**
 * Follows what is stored by asking again and again, whoever stored it. `started` settles when what was there before is known. Looks only when the next
 * records are asked for.
 */
export function followTable(
  client: ClickHouseClient,
  database: string,
  { condition, scope, limit, signal }: TailQuestion,
): { readonly batches: AsyncGenerator<TailBatch>; readonly started: Promise<void> } {
  const table = `${database}.log_record`;
  const matches = `(${conditionSql(condition, [])}) and ${scopeSql(scope)}`;
  let seen = new Map<string, number>();
  let since = 0;

  async function notice(from: string): Promise<Noticed[]> {
    const rows = await client.query<Noticed>(
      `select time_us, seq, toUnixTimestamp(stored_at) as stored from ${table}
       prewhere stored_at >= ${from} where ${matches} order by stored_at desc, time_us desc, seq desc limit ${maximumNoticed}`,
      { signal },
    );
    const fresh = rows.filter(({ seq }) => !seen.has(seq)).reverse();
    for (const { seq, stored } of rows) {
      seen.set(seq, stored);
      since = Math.max(since, stored);
    }
    seen = new Map([...seen].filter(([, stored]) => stored >= since - 2 * overlapSeconds));
    return fresh;
  }

  async function start(): Promise<void> {
    const [now] = await client.query<{ now: number }>("select toUnixTimestamp(now()) as now", { signal });
    since = now?.now ?? 0;
    await notice(`toDateTime(${since - overlapSeconds})`);
  }

  async function read(places: readonly Noticed[]): Promise<LogRecord[]> {
    const first = places.reduce((least, { time_us }) => Math.min(least, Number(time_us)), Number.POSITIVE_INFINITY);
    const last = places.reduce((most, { time_us }) => Math.max(most, Number(time_us)), 0);
    const rows = await client.query<RecordRow>(
      `select ${recordColumns} from ${table} where time_us >= ${first} and time_us <= ${last}
       and seq in (${places.map(({ seq }) => seq).join(", ")}) order by stored_at, time_us, seq`,
      { signal },
    );
    return rows.map(recordOf);
  }

  const started = start();
  // Whoever asks for the first records hears of it.
  started.catch(() => undefined);

  async function* follow(): AsyncGenerator<TailBatch> {
    await started;
    while (true) {
      signal.throwIfAborted();
      const fresh = await notice(`toDateTime(${since - overlapSeconds})`);
      if (fresh.length === 0) {
        await sleep(pollMs, undefined, { signal }).catch(() => undefined);
        continue;
      }
      const kept = fresh.slice(-limit);
      yield { records: await read(kept), skipped: fresh.length - kept.length };
    }
  }

  return { batches: follow(), started };
}
