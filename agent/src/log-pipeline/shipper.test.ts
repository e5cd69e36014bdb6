import assert from "node:assert/strict";
import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { LogJobs } from "@mycloud/protocol/log-source";
import { testDirectory } from "../agent/testing/test-directory.ts";
import { type RecordingReceiver, startRecordingReceiver } from "../log-shipping/testing/recording-receiver.ts";
import { createLogger } from "../logger/index.ts";
import type { LogTask } from "./pipeline-words.ts";
import { type LogShipper, superviseShipper } from "./supervise.ts";

const logger = createLogger({
  level: process.env.MYCLOUD_LOG_LEVEL === "debug" ? "debug" : "error",
  format: "text",
  write: (line) => (process.env.MYCLOUD_LOG_LEVEL === "debug" ? process.stderr.write(line) : undefined),
  now: Date.now,
});

async function until(condition: () => boolean, what = String(condition)): Promise<void> {
  const deadline = Date.now() + 90_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not within 90 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function supervise(t: TestContext): LogShipper {
  const shipper = superviseShipper({
    logger,
    now: Date.now,
    random: () => 0,
    entry: new URL("./testing/plain-shipper.ts", import.meta.url),
    backoff: { baseMs: 10, maximumMs: 10 },
  });
  t.after(() => shipper.stop());
  return shipper;
}

async function receiverFor(t: TestContext, options: { readonly port?: number } = {}): Promise<RecordingReceiver> {
  const receiver = await startRecordingReceiver(options);
  t.after(() => receiver.close());
  return receiver;
}

interface Job {
  readonly name: string;
  readonly path: string;
  readonly service?: string;
  readonly to?: readonly string[];
}

function taskOf(
  directory: string,
  ports: Readonly<Record<string, number>>,
  jobs: readonly Job[],
  queue: LogTask["jobs"]["queue"] = { maximumBytes: 10_000_000, whenFull: "block" },
): LogTask {
  return {
    hostName: "web-1",
    directory: join(directory, "queue"),
    policy: { roots: [directory], commands: {} },
    jobs: LogJobs.parse({
      jobs: jobs.map(({ name, path, service = "s", to = Object.keys(ports) }) => ({
        name,
        service,
        input: { type: "file", paths: [path], startAt: "beginning" },
        destinations: to,
      })),
      destinations: Object.entries(ports).map(([name, port]) => ({ name, host: "127.0.0.1", port })),
      queue,
    }),
  };
}

/** Writes numbered lines to a file, a few at a time, and renames it away now and then. */
async function writeLines(path: string, from: number, to: number, rotateEvery = Number.POSITIVE_INFINITY) {
  for (let line = from; line < to; line++) {
    appendFileSync(path, `line ${line}\n`);
    if (line % 50 === 49) await new Promise((resolve) => setTimeout(resolve, 10));
    if (line % rotateEvery === rotateEvery - 1) renameSync(path, `${path}.${line}`);
  }
}

const lines = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `line ${from + index}`);

function assertSame(receiver: RecordingReceiver, expected: readonly string[], chunks = receiver.chunks): void {
  const byId = new Map(chunks.map((chunk) => [chunk.id, chunk.messages]));
  for (const chunk of chunks) assert.deepEqual(chunk.messages, byId.get(chunk.id), "one id, one content");
  assert.deepEqual([...byId.values()].flat(), expected);
}

test("each line comes once and in order though the shipper is killed again and again and the receiver is away", async (t) => {
  const directory = testDirectory();
  const path = join(directory, "app.log");
  const receiver = await receiverFor(t);
  let seen = 0;
  // Now and then what was stored is not acknowledged, and what came is not stored.
  receiver.onChunk = () => (++seen % 7 === 3 ? "keep-and-close" : seen % 5 === 4 ? "close" : "ack");
  const shipper = supervise(t);
  shipper.configure(taskOf(directory, { one: receiver.port }, [{ name: "app", path }]));
  const writing = writeLines(path, 0, 3_000);
  let isWritten = false;
  void writing.then(() => {
    isWritten = true;
  });
  for (let kills = 0; kills < 12 || !isWritten; kills++) {
    await until(() => typeof shipper.status()?.pid === "number");
    await new Promise((resolve) => setTimeout(resolve, 150 + ((kills * 137) % 600)));
    const pid = shipper.status()?.pid;
    if (typeof pid === "number") process.kill(pid, "SIGKILL");
    await until(() => shipper.status()?.pid !== pid, "the supervisor sees that it is gone");
  }
  await until(() => receiver.messages().includes("line 2999"));
  assert.ok((shipper.status()?.restarts ?? 0) >= 12);
  assertSame(receiver, lines(3_000));
  await shipper.stop();
});

test("what is read while the receiver is away waits on disk, and a stopped shipper goes on where it was", async (t) => {
  const directory = testDirectory();
  const path = join(directory, "app.log");
  const away = await receiverFor(t);
  const { port } = away;
  await away.close();
  const first = supervise(t);
  first.configure(taskOf(directory, { one: port }, [{ name: "app", path }]));
  await writeLines(path, 0, 500);
  await until(() => first.status()?.sources[0]?.lines === 500);
  const stoppedAt = Date.now();
  await first.stop();
  assert.ok(Date.now() - stoppedAt < 4_000);
  await writeLines(path, 500, 800);
  const receiver = await receiverFor(t, { port });
  const second = supervise(t);
  second.configure(taskOf(directory, { one: port }, [{ name: "app", path }]));
  await until(() => receiver.messages().length >= 800);
  assertSame(receiver, lines(800));
  await until(() => second.status()?.destinations[0]?.oldestAtMs === null);
  await second.stop();
});

test("a job that changes, gets another destination, goes and comes back loses no line and repeats none", async (t) => {
  const directory = testDirectory();
  const [path, otherPath] = [join(directory, "app.log"), join(directory, "other.log")];
  const one = await receiverFor(t);
  const two = await receiverFor(t);
  writeFileSync(otherPath, "");
  const shipper = supervise(t);
  const other = { name: "other", path: otherPath, to: ["one"] };
  const writing = writeLines(path, 0, 2_000);
  for (let round = 0; round < 15; round++) {
    const to = round % 2 === 0 ? ["one"] : ["one", "two"];
    const app = { name: "app", path, service: `service ${round}`, to };
    const jobs = round % 5 === 4 ? [other] : [app, other];
    shipper.configure(taskOf(directory, { one: one.port, two: two.port }, jobs));
    await new Promise((resolve) => setTimeout(resolve, 120));
  }
  shipper.configure(taskOf(directory, { one: one.port, two: two.port }, [{ name: "app", path, to: ["one"] }, other]));
  await writing;
  await writeLines(otherPath, 0, 10);
  await until(() => one.messages().length >= 2_010);
  const ofApp = one.chunks.filter(({ tag }) => tag === "mycloud.app");
  assertSame(one, lines(2_000), ofApp);
  assert.equal(new Set(two.messages()).size, two.messages().length);
  await shipper.stop();
});

test("with a full queue that drops, what is missing is counted, and what comes is in order", async (t) => {
  const directory = testDirectory();
  const path = join(directory, "app.log");
  const receiver = await receiverFor(t);
  let isAway = true;
  receiver.onChunk = () => (isAway ? "close" : "ack");
  const shipper = supervise(t);
  const queue = { maximumBytes: 60_000, whenFull: "drop-oldest" } as const;
  shipper.configure(taskOf(directory, { one: receiver.port }, [{ name: "app", path }], queue));
  const perRound = 20_000;
  let count = 0;
  // What is under way is not dropped, and what was read last may still be on its way into a chunk: more comes until something has to go.
  for (let round = 0; (shipper.status()?.destinations[0]?.droppedRecords ?? 0) === 0; round++) {
    assert.ok(round < 50, "nothing was ever dropped");
    const text = lines(perRound).map((line, index) => `${round} ${line} ${Math.sin(index + round)}\n`);
    appendFileSync(path, text.join(""));
    count += perRound;
    await until(() => shipper.status()?.sources[0]?.lines === count);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  isAway = false;
  appendFileSync(path, "the last\n");
  await until(() => receiver.messages().includes("the last"));
  await until(() => (shipper.status()?.destinations[0]?.oldestAtMs ?? null) === null);
  const status = () => shipper.status()?.destinations[0];
  await until(() => (status()?.droppedRecords ?? 0) + receiver.messages().length === count + 1);
  await shipper.stop();
});
