import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { testDirectory } from "../agent/testing/test-directory.ts";
import { createLogger } from "../logger/index.ts";
import { parseCheckpoints } from "./checkpoint-lines.ts";
import type { DestinationQueue } from "./destination-queue.ts";
import { parseJournal } from "./journal.ts";
import { type LogQueue, openLogQueue } from "./log-queue.ts";

const logger = createLogger({ level: "error", format: "text", write: () => undefined, now: Date.now });
const wide = { maximumBytes: 100_000_000, whenFull: "block" } as const;

interface Opened {
  readonly queue: LogQueue;
  append(text: string, position: number, destinations?: readonly string[], source?: string): Promise<void>;
}

async function open(
  directory: string,
  bounds: Parameters<LogQueue["configure"]>[1] = wide,
  names = ["one"],
  { sources = ["s"], now = Date.now }: { readonly sources?: readonly string[]; readonly now?: () => number } = {},
): Promise<Opened> {
  let id = 0;
  const stamp = Math.random().toString(16).slice(2, 10);
  const queue = await openLogQueue({
    directory,
    logger,
    now,
    newChunkId: () => Buffer.from(`${stamp}-${id++}`).toString("base64"),
    targetBytes: 1_000,
    tickMs: 20,
  });
  await queue.configure(names, bounds, sources);
  return {
    queue,
    append: (text, position, destinations = names, source = "s") =>
      queue.append({
        source,
        tag: `mycloud.${source}`,
        destinations,
        entries: Buffer.from(text),
        records: 1,
        readAtMs: 1,
        checkpoint: { file: position },
      }),
  };
}

async function contentOf(queue: DestinationQueue | undefined): Promise<string> {
  const bodies: string[] = [];
  for (const chunk of [...(queue?.chunks() ?? [])]) bodies.push(gunzipSync(await queue!.read(chunk)).toString());
  return bodies.join("");
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within a minute: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test("what was appended is there in order after the queue was closed and opened again, with its checkpoint", async () => {
  const directory = testDirectory();
  const first = await open(directory);
  for (let line = 0; line < 500; line++) await first.append(`${line}\n`, line);
  await first.queue.close();
  const { queue } = await open(directory);
  const expected = Array.from({ length: 500 }, (_, line) => `${line}\n`).join("");
  assert.equal(await contentOf(queue.destination("one")), expected);
  assert.deepEqual(queue.checkpointOf("s"), { file: 499 });
  await queue.close();
});

test("how far a source was read is kept for a week after its job is gone, and forgotten then", async () => {
  const directory = testDirectory();
  const day = 24 * 3_600_000;
  let nowMs = Date.UTC(2026, 10, 1);
  const now = () => nowMs;
  const reopen = (sources: readonly string[]) => open(directory, wide, ["one"], { sources, now });
  const keptSources = () => [...parseCheckpoints(readFileSync(join(directory, "checkpoints.log"))).keys()];
  const first = await reopen(["s", "t"]);
  await first.append("a", 1);
  await first.append("b", 2, ["one"], "t");
  await first.queue.flush();
  const one = first.queue.destination("one")!;
  for (const chunk of [...one.chunks()]) one.acknowledge(chunk);
  await first.queue.close();

  // It goes, comes back a day later where it was, and goes again.
  const second = await reopen(["t"]);
  nowMs += day;
  await second.queue.configure(["one"], wide, ["s", "t"]);
  assert.deepEqual(second.queue.checkpointOf("s"), { file: 1 });
  await second.queue.configure(["one"], wide, ["t"]);
  nowMs += 7 * day - 1;
  await second.queue.close();
  assert.deepEqual(keptSources().sort(), ["s", "t"]);

  nowMs += 1;
  const third = await reopen(["t"]);
  nowMs += 1_000;
  await until(() => !keptSources().includes("s"));
  assert.deepEqual([third.queue.checkpointOf("s"), third.queue.checkpointOf("t")], [{}, { file: 2 }]);
  await third.queue.close();
});

test("checkpoints stay when the chunks they came with were acknowledged and removed", async () => {
  const directory = testDirectory();
  const { queue, append } = await open(directory);
  await append("a", 7);
  await queue.flush();
  const one = queue.destination("one")!;
  one.acknowledge(one.chunks()[0]!);
  assert.equal(one.chunks().length, 0);
  const folder = join(directory, "queue", readdirSync(join(directory, "queue"))[0]!);
  await until(() => !readdirSync(folder).some((name) => name.endsWith(".chunk")));
  const again = await open(directory);
  assert.deepEqual(again.queue.checkpointOf("s"), { file: 7 });
  assert.equal(again.queue.destination("one")!.chunks().length, 0);
  await again.queue.close();
  await queue.close();
});

test("an older checkpoint of a chunk that still waits does not undo newer ones", async () => {
  const directory = testDirectory();
  const { queue, append } = await open(directory, wide, ["fast", "slow"]);
  await append("a", 1, ["slow"]);
  await queue.flush();
  await append("b", 2, ["fast"]);
  await queue.flush();
  const fast = queue.destination("fast")!;
  fast.acknowledge(fast.chunks()[0]!);
  await queue.close();
  const again = await open(directory, wide, ["fast", "slow"]);
  assert.deepEqual(again.queue.checkpointOf("s"), { file: 2 });
  assert.equal(await contentOf(again.queue.destination("slow")), "a");
  await again.queue.close();
});

test("several destinations share the bytes of a chunk, and each acknowledges for itself", async () => {
  const directory = testDirectory();
  const { queue, append } = await open(directory, wide, ["one", "two"]);
  await append("shared", 1);
  await queue.flush();
  const folders = readdirSync(join(directory, "queue")).map((name) => join(directory, "queue", name));
  const inodes = folders.map((folder) => statSync(join(folder, readdirSync(folder).find((f) => f !== "aside")!)).ino);
  assert.equal(new Set(inodes).size, 1);
  const one = queue.destination("one")!;
  one.acknowledge(one.chunks()[0]!);
  await queue.close();
  const again = await open(directory, wide, ["one", "two"]);
  assert.equal(await contentOf(again.queue.destination("one")), "");
  assert.equal(await contentOf(again.queue.destination("two")), "shared");
  await again.queue.close();
});

test("while its destinations are busy an open chunk is journaled, and a torn end of the journal is cut", async () => {
  const directory = testDirectory();
  const { queue, append } = await open(directory);
  for (const part of ["1", "2"]) {
    await append(part, Number(part));
    await queue.flush();
  }
  const journals = join(directory, "journal");
  const journal = () => readdirSync(journals).map((name) => join(journals, name))[0];
  await append("3", 3);
  await until(() => journal() !== undefined && statSync(journal()!).size > 0);
  const size = statSync(journal()!).size;
  await append("4", 4);
  await until(() => statSync(journal()!).size > size);
  const bytes = readFileSync(journal()!);
  // As if killed here: nothing of it is closed in order, and the second group is torn.
  writeFileSync(journal()!, bytes.subarray(0, bytes.length - 1));
  const again = await open(directory);
  assert.equal(await contentOf(again.queue.destination("one")), "123");
  assert.deepEqual(again.queue.checkpointOf("s"), { file: 3 });
  await again.queue.close();
  await queue.close();
});

test("however a journal is cut or changed, what is read of it is a beginning of what was written", async () => {
  const directory = testDirectory();
  const { queue, append } = await open(directory);
  for (const part of ["1", "2"]) {
    await append(part, 0);
    await queue.flush();
  }
  const journals = join(directory, "journal");
  let seen = 0;
  for (const part of ["alpha,", "beta,", "gamma,"]) {
    await append(part, 0);
    await until(() => readdirSync(journals).some((name) => statSync(join(journals, name)).size > seen));
    seen = statSync(join(journals, readdirSync(journals)[0]!)).size;
  }
  const bytes = readFileSync(join(journals, readdirSync(journals)[0]!));
  assert.equal(parseJournal(bytes)?.entries.toString(), "alpha,beta,gamma,");
  for (let length = 0; length < bytes.length; length++) {
    const read = parseJournal(bytes.subarray(0, length))?.entries.toString() ?? "";
    assert.ok(["", "alpha,", "alpha,beta,"].includes(read), read);
  }
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 0x41;
    const read = parseJournal(changed)?.entries.toString() ?? "";
    assert.ok(["", "alpha,", "alpha,beta,"].includes(read), read);
  }
  await queue.close();
});

test("a full queue that drops lets the oldest go, and counts it", async () => {
  const { queue, append } = await open(testDirectory(), { maximumBytes: 1_000, whenFull: "drop-oldest" });
  for (let part = 0; part < 10; part++) {
    await append(String(part), part);
    await queue.flush();
  }
  const one = queue.destination("one")!;
  assert.ok(one.bytes <= 1_000);
  assert.ok(one.counters.droppedRecords > 0);
  assert.equal(one.counters.droppedRecords + one.chunks().length, 10);
  assert.ok("0123456789".endsWith(await contentOf(one)));
  await queue.close();
});

test("a full queue that blocks takes no more until something was acknowledged, and loses nothing", async () => {
  const { queue, append } = await open(testDirectory(), { maximumBytes: 1_000, whenFull: "block" });
  const one = queue.destination("one")!;
  let appended = 0;
  const writing = (async () => {
    for (let part = 0; part < 40; part++) {
      await append(`${part}${"x".repeat(600)},`, part);
      appended++;
    }
    await queue.flush();
  })();
  await until(() => one.chunks().length >= 3);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const before = appended;
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(appended, before);
  assert.ok(before < 40);
  let text = "";
  for (let isDone = false; !isDone; ) {
    await until(() => one.chunks().length > 0);
    const [chunk] = one.chunks();
    text += gunzipSync(await one.read(chunk!)).toString();
    one.acknowledge(chunk!);
    isDone = text.includes("39x");
  }
  await writing;
  assert.deepEqual(
    text.replaceAll("x", "").split(",").slice(0, -1),
    Array.from({ length: 40 }, (_, part) => String(part)),
  );
  assert.equal(one.counters.droppedRecords, 0);
  await queue.close();
});

test("a damaged chunk is put aside when the queue is opened", async () => {
  const directory = testDirectory();
  const { queue, append } = await open(directory);
  await append("a", 1);
  await queue.flush();
  await append("b", 2);
  await queue.close();
  const folder = join(directory, "queue", readdirSync(join(directory, "queue"))[0]!);
  const [first] = readdirSync(folder)
    .filter((name) => name.endsWith(".chunk"))
    .sort();
  writeFileSync(join(folder, first!), "MCLOGQ1\nnothing of it is right");
  const again = await open(directory);
  assert.equal(await contentOf(again.queue.destination("one")), "b");
  assert.equal(again.queue.destination("one")!.counters.refusedChunks, 1);
  assert.equal(again.queue.destination("one")!.asideChunks, 1);
  await again.queue.close();
});

test("while nothing can be written reading waits, the reason is told, and when it can again nothing is lost", async () => {
  const directory = testDirectory();
  const { queue, append } = await open(directory);
  const commits = join(directory, "commit");
  rmdirSync(commits);
  writeFileSync(commits, "no directory");
  let appended = 0;
  const writing = (async () => {
    for (let part = 0; part < 30; part++) {
      await append(`${part}${"x".repeat(300)},`, part);
      appended++;
    }
    await queue.flush();
  })();
  await until(() => queue.fault !== null);
  assert.match(queue.fault ?? "", /^ENOTDIR/);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(appended < 30);
  unlinkSync(commits);
  mkdirSync(commits);
  await writing;
  assert.equal(queue.fault, null);
  const text = (await contentOf(queue.destination("one"))).replaceAll("x", "");
  assert.equal(text, Array.from({ length: 30 }, (_, part) => `${part},`).join(""));
  await queue.close();
});
