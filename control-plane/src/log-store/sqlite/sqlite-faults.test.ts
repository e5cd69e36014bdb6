import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readdirSync, statSync, truncateSync, writeSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { parseLogQuery } from "@mycloud/protocol/log-query";
import { pino } from "pino";
import { Registry } from "prom-client";
import { everything } from "../../scope/index.ts";
import type { LogStore } from "../log-store.ts";
import { LogStoreBusyError, LogStoreFaultError } from "../log-store-error.ts";
import { newRecord, noonUs } from "../testing/contract-records.ts";
import { createSqliteLogStore } from "./index.ts";

const dayUs = 86_400_000_000;
const receivedAtMs = noonUs / 1000;
const range = { fromUs: noonUs - 10 * dayUs, toUs: noonUs + 10 * dayUs };

async function temporaryDirectory(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "mycloud-logs-"));
  t.after(async () => await rm(directory, { recursive: true, force: true }));
  return directory;
}

async function open(directory: string): Promise<LogStore> {
  return await createSqliteLogStore({ directory, logger: pino({ level: "silent" }), registry: new Registry() });
}

async function countOf(store: LogStore, query: string): Promise<number> {
  const condition = parseLogQuery(query);
  const signal = AbortSignal.timeout(60_000);
  return (await store.count({ ...range, condition, scope: everything, signal, atMost: 1e9 })).count;
}

async function pageOf(store: LogStore, query: string, limit = 1000) {
  const signal = AbortSignal.timeout(60_000);
  const condition = parseLogQuery(query);
  return await store.search({ ...range, condition, scope: everything, signal, order: "newest", limit, cursor: null });
}

test("what was acknowledged before kill -9 is there, and each chunk once when all are sent again", async (t) => {
  const directory = await temporaryDirectory(t);
  const acknowledged = new Set<number>();
  let first = 0;
  for (const wanted of [40, 25, 60]) {
    const program = new URL("./fixtures/append-until-killed.ts", import.meta.url).pathname;
    const child = spawn(process.execPath, [program, directory, String(first)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exit = once(child, "exit");
    let told = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged.add(Number(line));
      told += 1;
      if (told === wanted) child.kill("SIGKILL");
    }
    await exit;
    first = Math.max(...acknowledged) + 10;
  }
  const store = await open(directory);
  t.after(async () => await store.close());
  const signal = AbortSignal.timeout(60_000);
  const all = { ...range, condition: parseLogQuery(""), scope: everything, signal };
  const { values } = await store.top({ ...all, field: "batch", limit: 10_000 });
  const counts = new Map(values.map(({ value, count }) => [Number(value), count]));
  for (const id of acknowledged) assert.equal(counts.get(id), 40, `batch ${id}`);
  // What was not acknowledged is there or not, in each day's file: no part of it is a half.
  for (const [id, count] of counts) assert.ok(count === 40 || (id % 3 === 0 && count === 20), `${count} of ${id}`);
  for (let id = 0; id < first; id += 1) {
    const startUs = id % 3 === 0 ? noonUs + 43_200_000_000 - 20 : noonUs + id * 1_000;
    const records = Array.from({ length: 40 }, (_, index) =>
      newRecord({ timeUs: startUs + index, message: `batch ${id} line ${index}`, fields: { batch: id } }),
    );
    await store.append({ chunk: { sender: "agent", id: String(id) }, receivedAtMs, records });
  }
  assert.equal(await countOf(store, ""), first * 40);
  const counted = await store.histogram({ ...all, bins: 100 });
  assert.equal(
    counted.bins.reduce((sum, { count }) => sum + count, 0),
    first * 40,
  );
});

test("a full disk refuses batches and says why; with space again all of them are stored once", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "mycloud-logs-"));
  t.after(async () => {
    await stop();
    await rm(directory, { recursive: true, force: true });
  });
  let stop = async () => {};
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=12m", "tmpfs", directory], { stdio: "ignore" });
  } catch {
    t.skip("mounting a small file system needs root");
    return;
  }
  const store = await open(directory);
  stop = async () => {
    await store.close();
    execFileSync("umount", ["-l", directory]);
  };
  const batch = (id: number) => ({
    chunk: { sender: "agent", id: String(id) },
    receivedAtMs,
    records: Array.from({ length: 500 }, (_, index) =>
      newRecord({ timeUs: noonUs + id * 1000 + index, message: `filling ${id} ${index} ${"x".repeat(300)}` }),
    ),
  });
  await store.append(batch(0));
  const stuffing = join(directory, "stuffing");
  await writeFile(stuffing, Buffer.alloc(1024 * 1024));
  const refused: number[] = [];
  for (let id = 1; refused.length < 5 && id < 100; id += 1) {
    await store.append(batch(id)).catch((error: unknown) => {
      assert.ok(error instanceof LogStoreFaultError);
      assert.match(error.message, /no space is left/);
      refused.push(id);
    });
  }
  assert.equal(refused.length, 5);
  assert.match((await store.status()).fault ?? "", /no space is left/);
  const last = Math.max(...refused);
  assert.equal(await countOf(store, "filling"), (last + 1 - refused.length) * 500);
  execFileSync("mount", ["-o", "remount,size=200m", directory]);
  const deadline = Date.now() + 20_000;
  while ((await store.status()).fault !== null && Date.now() < deadline) await sleep(50);
  assert.equal((await store.status()).fault, null);
  for (let id = 0; id <= last; id += 1) await store.append(batch(id));
  assert.equal(await countOf(store, "filling"), (last + 1) * 500);
});

async function fillThreeDays(store: LogStore): Promise<void> {
  for (const day of [-2, -1, 0]) {
    const records = Array.from({ length: 2000 }, (_, index) =>
      newRecord({ timeUs: noonUs + day * dayUs + index, message: `sound day${day} ${index}` }),
    );
    await store.append({ chunk: { sender: "agent", id: `day ${day}` }, receivedAtMs, records });
  }
}

test("a damaged day is put aside with the reason when it is read, and everything else goes on", async (t) => {
  const directory = await temporaryDirectory(t);
  const before = await open(directory);
  await fillThreeDays(before);
  await before.close();
  const path = join(directory, "2026-11-19.sqlite");
  const file = openSync(path, "r+");
  for (let at = 4096; at < statSync(path).size; at += 4096) writeSync(file, Buffer.alloc(4096, 0x5a), 0, 4096, at);
  closeSync(file);
  const store = await open(directory);
  t.after(async () => await store.close());
  const page = await pageOf(store, "sound");
  assert.equal(page.records.length, 1000);
  const deadline = Date.now() + 20_000;
  while ((await store.status()).quarantined.length === 0 && Date.now() < deadline) {
    const signal = AbortSignal.timeout(60_000);
    const all = { ...range, condition: parseLogQuery("sound"), scope: everything, signal, atMost: 1e9 };
    const counted = await store.count(all);
    assert.ok(counted.count === 4000);
    await sleep(50);
  }
  const { quarantined } = await store.status();
  assert.equal(quarantined.length, 1);
  assert.match(quarantined[0]?.name ?? "", /^2026-11-19\.corrupt-/);
  assert.match(quarantined[0]?.reason ?? "", /malformed|not a database/);
  assert.ok(readdirSync(directory).some((name) => name.startsWith("2026-11-19.corrupt-")));
  // What the sender still has is stored again.
  await fillThreeDays(store);
  assert.equal(await countOf(store, "sound"), 6000);
});

test("a damaged day is put aside when it is written to, and the batch is stored in a new file", async (t) => {
  const directory = await temporaryDirectory(t);
  const before = await open(directory);
  await fillThreeDays(before);
  await before.close();
  await writeFile(
    join(directory, "2026-11-20.sqlite"),
    "this is no database, and was none for a long time".repeat(200),
  );
  truncateSync(join(directory, "2026-11-18.sqlite"), 0);
  const store = await open(directory);
  t.after(async () => await store.close());
  const result = await store.append({ chunk: null, receivedAtMs, records: [newRecord({ message: "sound again" })] });
  assert.equal(result.stored, 1);
  assert.equal(await countOf(store, "again"), 1);
  assert.equal(await countOf(store, "sound"), 2001);
  assert.equal((await store.status()).quarantined.length, 1);
});

test("a day that another version of the program wrote is put aside when it is written to, and named", async (t) => {
  const directory = await temporaryDirectory(t);
  const before = await open(directory);
  await fillThreeDays(before);
  await before.close();
  const other = new DatabaseSync(join(directory, "2026-11-20.sqlite"));
  other.exec("pragma user_version = 2");
  other.close();
  const store = await open(directory);
  t.after(async () => await store.close());
  await store.append({ chunk: null, receivedAtMs, records: [newRecord({ message: "sound again" })] });
  assert.equal(await countOf(store, "again"), 1);
  const { quarantined } = await store.status();
  assert.match(quarantined[0]?.reason ?? "", /format 2, of another version of this program/);
});

test("a day that is damaged while it is read and written is put aside, and reading and writing go on", async (t) => {
  const directory = await temporaryDirectory(t);
  const store = await open(directory);
  t.after(async () => await store.close());
  await fillThreeDays(store);
  assert.equal(await countOf(store, "sound"), 6000);
  const path = join(directory, "2026-11-20.sqlite");
  for (const name of [path, `${path}-wal`]) {
    const file = openSync(name, "r+");
    for (let at = 4096; at < statSync(name).size; at += 4096) writeSync(file, Buffer.alloc(4096, 0x5a), 0, 4096, at);
    closeSync(file);
  }
  const deadline = Date.now() + 20_000;
  let batches = 0;
  while ((await store.status()).quarantined.length === 0 && Date.now() < deadline) {
    await pageOf(store, "sound");
    // More than the writer has in its memory already, so that it comes to pages it has to read.
    const records = Array.from({ length: 500 }, (_, index) =>
      newRecord({ timeUs: noonUs + 1_000_000 + index, message: `later ${batches} ${index}` }),
    );
    await store.append({ chunk: null, receivedAtMs, records });
    batches += 1;
  }
  const [aside] = (await store.status()).quarantined;
  assert.match(aside?.name ?? "", /^2026-11-20\.corrupt-/);
  await store.append({ chunk: null, receivedAtMs, records: [newRecord({ message: "afterwards" })] });
  assert.equal(await countOf(store, "afterwards"), 1);
  assert.equal(await countOf(store, "sound"), 4000);
});

test("records of one microsecond that are more than it holds go on in the next one", async (t) => {
  const directory = await temporaryDirectory(t);
  const store = await open(directory);
  t.after(async () => await store.close());
  for (let batch = 0; batch < 3; batch += 1) {
    const records = Array.from({ length: 22_000 }, (_, index) =>
      newRecord({ message: `crowd ${batch * 22_000 + index}` }),
    );
    await store.append({ chunk: { sender: "agent", id: `crowd ${batch}` }, receivedAtMs, records });
  }
  assert.equal(await countOf(store, "crowd"), 66_000);
  const condition = parseLogQuery("crowd");
  const signal = AbortSignal.timeout(60_000);
  const first = { fromUs: noonUs, toUs: noonUs + 1, condition, scope: everything, signal, atMost: 1e9 };
  // One place of each is the index's own.
  assert.equal((await store.count(first)).count, 65_535);
});

test("more than can be stored is refused as busy, and nothing of it is lost or doubled", async (t) => {
  const directory = await temporaryDirectory(t);
  const store = await open(directory);
  t.after(async () => await store.close());
  const big = "y".repeat(200_000);
  const outcomes = await Promise.all(
    Array.from({ length: 12 }, async (_, id) => {
      const records = Array.from({ length: 40 }, (__, index) =>
        newRecord({ timeUs: noonUs + index, message: `${big} ${id}` }),
      );
      try {
        await store.append({ chunk: { sender: "agent", id: String(id) }, receivedAtMs, records });
        return "stored";
      } catch (error) {
        assert.ok(error instanceof LogStoreBusyError);
        return "busy";
      }
    }),
  );
  const stored = outcomes.filter((outcome) => outcome === "stored").length;
  assert.ok(stored > 0 && stored < outcomes.length, `${stored}`);
  assert.equal(await countOf(store, ""), stored * 40);
});

test("a question ends soon after its signal fires, and at its deadline with what was found", async (t) => {
  const directory = await temporaryDirectory(t);
  const store = await open(directory);
  t.after(async () => await store.close());
  await fillThreeDays(store);
  const page = await store.search({
    ...range,
    condition: parseLogQuery("sound"),
    scope: everything,
    signal: AbortSignal.timeout(60_000),
    order: "newest",
    limit: 10,
    cursor: null,
    deadlineMs: 0,
  });
  assert.deepEqual([page.records.length, page.isComplete], [0, false]);
  const ended = new AbortController();
  const asked = store.count({
    ...range,
    condition: parseLogQuery("NOT sound"),
    scope: everything,
    signal: ended.signal,
    atMost: 1e9,
  });
  const reason = new Error("nobody waits");
  ended.abort(reason);
  await assert.rejects(asked, reason);
});
