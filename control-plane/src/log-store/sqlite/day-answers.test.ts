import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { logMatcher, parseLogQuery } from "@mycloud/protocol/log-query";
import { pino } from "pino";
import { Registry } from "prom-client";
import { everything } from "../../scope/index.ts";
import type { LogStore, NewLogRecord } from "../log-store.ts";
import { newRecord, noonUs } from "../testing/contract-records.ts";
import { createSqliteLogStore } from "./index.ts";

const dayUs = 86_400_000_000;
const range = { fromUs: noonUs - dayUs, toUs: noonUs + dayUs };

/** Questions whose words are common, rare, together, apart, in phrases, and not at all there. */
const queries = [
  "10.0.1.7",
  '"10.0.1.7" paid',
  "10.0.1.250",
  "NOT 10.0.1.7",
  "10.0.1.7 OR w11x",
  "10.0.1",
  "1.10.0.1.7",
  "paid w11x",
  "w11x w12x",
  "order 7",
  "severity>=err",
  "severity>=err host:web3",
  "severity>=warning host:web3 NOT paid",
  "severity:err facility:auth host:web*",
  "severity>=info host:web3",
  "level:3 refused",
] as const;

const severities = ["info", "info", "info", "info", "warning", "err", "crit", null] as const;

function manyRecords(): NewLogRecord[] {
  return Array.from({ length: 3_000 }, (_, number) =>
    newRecord({
      // Over two hours, and some in the same microsecond.
      timeUs: noonUs + (number >> 1) * 4_800_000,
      host: `web${number % 5}`,
      severity: severities[(number * 7) % 97 === 0 ? 4 + (number % 4) : 0] ?? null,
      message:
        number % 3 === 0
          ? `connect to 10.0.${number % 2}.${number % 11}: refused, port ${number}`
          : `order ${number % 60} of w${number % 700}x paid by 10.0.1.${number % 90}`,
      fields: number % 10 === 0 ? { level: number % 4 } : {},
    }),
  );
}

async function openStore(t: TestContext, directory: string): Promise<LogStore> {
  const store = await createSqliteLogStore({ directory, logger: pino({ level: "silent" }), registry: new Registry() });
  t.after(async () => await store.close());
  return store;
}

async function append(store: LogStore, records: readonly NewLogRecord[]): Promise<void> {
  for (let from = 0; from < records.length; from += 500) {
    await store.append({ chunk: null, receivedAtMs: noonUs / 1000, records: records.slice(from, from + 500) });
  }
}

async function compareAnswers(store: LogStore, records: readonly NewLogRecord[]): Promise<void> {
  const signal = AbortSignal.timeout(60_000);
  for (const query of queries) {
    const condition = parseLogQuery(query);
    const asked = { ...range, condition, scope: everything, signal };
    const wanted = records.filter(logMatcher(condition)).map(({ message }) => message);
    const page = await store.search({ ...asked, order: "oldest", limit: 1_000, cursor: null });
    assert.deepEqual(
      page.records.map(({ message }) => message),
      wanted.slice(0, 1_000),
      query,
    );
    const newest = await store.search({ ...asked, order: "newest", limit: 20, cursor: null });
    assert.deepEqual(
      newest.records.map(({ timeUs }) => timeUs),
      records
        .filter(logMatcher(condition))
        .map(({ timeUs }) => timeUs)
        .slice(-20)
        .reverse(),
      query,
    );
    assert.equal((await store.count({ ...asked, atMost: 1e9 })).count, wanted.length, query);
    for (const bins of [7, 5_000]) {
      const histogram = await store.histogram({ ...asked, bins });
      const counted = histogram.bins.reduce((sum, { count }) => sum + count, 0);
      assert.equal(counted, wanted.length, `${query}, ${bins} bins`);
    }
    const { values } = await store.top({ ...asked, field: "host", limit: 10 });
    assert.equal(
      values.reduce((sum, { count }) => sum + count, 0),
      wanted.length,
      query,
    );
  }
}

test("a day answers as records that are looked at one by one", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "mycloud-logs-"));
  t.after(async () => await rm(directory, { recursive: true, force: true }));
  const store = await openStore(t, directory);
  const records = manyRecords();
  await append(store, records);
  await compareAnswers(store, records);
  await store.maintain({ days: 400, bytesPerSource: 50_000 }, noonUs / 1000);
  const { records: left } = await store.status();
  assert.ok(left > 0 && left < 1_500);
  await compareAnswers(store, records.slice(-left));
  const database = new DatabaseSync(join(directory, "2026-11-20.sqlite"));
  // What was removed is in no part of the index.
  assert.doesNotThrow(() => database.exec("insert into word (word) values ('integrity-check')"));
  database.close();
});
