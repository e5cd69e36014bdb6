import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type EventTime, FluentServer } from "@fluent-org/logger";
import { parseSyslog } from "@mycloud/protocol/syslog";
import fc from "fast-check";
import { pino } from "pino";
import { startTestReceiver } from "../log-receiver/testing/test-receiver.ts";
import type { NewLogRecord } from "../log-store/index.ts";
import { createAddressGuard } from "../outgoing-request/index.ts";
import { DiskQueue } from "./disk-queue.ts";
import { drainQueue } from "./drain-queue.ts";
import type { HeldLines } from "./held-ranges.ts";
import { createForwardTarget } from "./target/forward-target.ts";
import { createSyslogTarget, syslogOf } from "./target/syslog-target.ts";

const directories: string[] = [];
after(async () => {
  for (const directory of directories) await rm(directory, { recursive: true, force: true });
});

async function directory(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "mycloud-log-forward-"));
  directories.push(made);
  return made;
}

const limits = { maximumBytes: 1_000, segmentBytes: 100, pieceBytes: 50 };
const guard = createAddressGuard(["127.0.0.1"]);
const selfSigned =
  "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out cert.pem -days 10 -subj /CN=fluentd";
const logger = pino({ level: "silent" });

function record(message: string, some: Partial<NewLogRecord> = {}): NewLogRecord {
  return {
    timeUs: Date.now() * 1000,
    host: "web1",
    hostId: 1,
    customer: "acme",
    source: "access",
    service: "nginx",
    severity: "info",
    facility: "local0",
    message,
    fields: { status: 200 },
    ...some,
  };
}

test("what was put in comes out in order, over restarts; what was not committed comes again, the same", async () => {
  const at = await directory();
  const first = await DiskQueue.open(at, limits);
  const lines = Array.from({ length: 40 }, (_, index) => `line ${index}`);
  for (const line of lines) await first.append([line]);
  const read: string[] = [];
  const piece = await first.read();
  assert.ok(piece !== null);
  await first.append(["line 40"]);
  const again = await DiskQueue.open(at, limits);
  assert.deepEqual(await again.read(), piece);
  for (let next = await again.read(); next !== null; next = await again.read()) {
    read.push(...next.lines);
    await again.commit(next);
    assert.equal((await DiskQueue.open(at, limits)).bytes, again.bytes);
  }
  assert.deepEqual(read, [...lines, "line 40"]);
  assert.equal(again.bytes, 0);
});

test("a queue that is full loses its oldest, and says how much", async () => {
  const queue = await DiskQueue.open(await directory(), limits);
  for (let index = 0; index < 300; index += 1) await queue.append([`line ${String(index).padStart(4, "0")}`]);
  assert.ok(queue.bytes <= limits.maximumBytes, String(queue.bytes));
  assert.equal(queue.bytes + queue.droppedBytes, 3_000);
  const left: string[] = [];
  for (let next = await queue.read(); next !== null; next = await queue.read()) {
    left.push(...next.lines);
    await queue.commit(next);
  }
  assert.equal(left.at(-1), "line 0299");
  assert.equal(left.length * 10 + queue.droppedBytes, 3_000);
});

/** What may be read, until nothing may. */
async function readAll(queue: DiskQueue): Promise<string[]> {
  const lines: string[] = [];
  for (let next = await queue.read(); next !== null; next = await queue.read()) {
    lines.push(...next.lines);
    await queue.commit(next);
  }
  return lines;
}

test("what is held, and what is behind it, goes out when it is released, and never when it is discarded", async () => {
  const queue = await DiskQueue.open(await directory(), limits);
  await queue.append(["first"]);
  const [unknown, wrong] = [await queue.hold(["unknown"]), await queue.hold(["wrong", "wrong again"])];
  await queue.append(["last"]);
  assert.deepEqual(await readAll(queue), ["first"]);
  wrong.discard();
  assert.deepEqual(await readAll(queue), []);
  const more = queue.waitForMore(AbortSignal.timeout(10_000));
  unknown.release();
  await more;
  assert.deepEqual(await readAll(queue), ["unknown", "last"]);
  wrong.release();
  assert.deepEqual(await readAll(queue), []);
  assert.equal(queue.bytes, 0);
});

test("what was held when its process was killed goes out, though nobody released it", async () => {
  const at = await directory();
  const killed = await DiskQueue.open(at, limits);
  for (let index = 0; index < 30; index += 1) await killed.hold([`held ${index}`]);
  assert.equal(await killed.read(), null);
  const lines = await readAll(await DiskQueue.open(at, limits));
  assert.deepEqual(
    lines,
    Array.from({ length: 30 }, (_, index) => `held ${index}`),
  );
});

test("in whatever order they are released or discarded, lines go out once and in order", async () => {
  const step = fc.oneof(fc.constant("append"), fc.constant("hold"), fc.constant("read"), fc.nat(20));
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.array(fc.boolean(), { minLength: 41 }),
      async (steps, fate) => {
        const queue = await DiskQueue.open(await directory(), { ...limits, maximumBytes: 100_000 });
        const held: { readonly line: number; readonly lines: HeldLines }[] = [];
        const expected = new Set<number>();
        const read: string[] = [];
        const settle = ({ line, lines }: (typeof held)[number]) => {
          if (fate[line] === true) expected.add(line);
          if (fate[line] === true) lines.release();
          else lines.discard();
        };
        for (const [line, what] of steps.entries()) {
          if (what === "read") read.push(...(await readAll(queue)));
          else if (what === "hold") held.push({ line, lines: await queue.hold([String(line)]) });
          else if (what === "append") {
            await queue.append([String(line)]);
            expected.add(line);
          } else for (const one of held.splice(what % (held.length + 1), 1)) settle(one);
        }
        held.forEach(settle);
        read.push(...(await readAll(queue)));
        assert.deepEqual(
          read.map(Number),
          [...expected].sort((a, b) => a - b),
        );
      },
    ),
    { numRuns: 30 },
  );
});

test("a line that is longer than a piece is read whole", async () => {
  const queue = await DiskQueue.open(await directory(), limits);
  await queue.append(["x".repeat(80), "y"]);
  assert.deepEqual((await queue.read())?.lines[0], "x".repeat(80));
});

test("records are sent on by Forward with a handshake, in order, though the target fails at first", async () => {
  const receiver = await startTestReceiver({ senders: [{ name: "us", username: "u", password: "p", secret: "s" }] });
  const queue = await DiskQueue.open(await directory());
  const messages = Array.from({ length: 500 }, (_, index) => `line ${index}`);
  await queue.append(messages.map((message) => JSON.stringify(record(message))));
  let failures = 3;
  receiver.store.before = async () => {
    if (failures-- > 0) throw new Error("a fault of the store");
  };
  const address = { host: "127.0.0.1", port: receiver.forwardPort, tls: null };
  const target = createForwardTarget({ ...address, secret: "s", username: "u", password: "p" }, guard);
  const stopping = new AbortController();
  let sent = 0;
  const draining = drainQueue(
    {
      name: "x",
      queue,
      target,
      onSent: (count) => {
        sent += count;
        if (sent === 500) stopping.abort();
      },
      onFailed: () => undefined,
      logger,
      random: Math.random,
      firstPauseMs: 5,
    },
    stopping.signal,
  );
  await draining;
  target.close();
  assert.deepEqual(
    receiver.store.records.map(({ message }) => message),
    messages,
  );
  const [stored] = receiver.store.records;
  assert.deepEqual([stored?.host, stored?.severity, stored?.fields.source], ["web1", "info", "access"]);
  assert.equal(queue.bytes, 0);
  await receiver.stop();
});

for (const isTls of [false, true]) {
  test(`records are sent on to a FluentServer that asks who it is${isTls ? ", over TLS" : ""}`, async () => {
    const at = await directory();
    const entries: { tag: string; time: number; record: Record<string, unknown> }[] = [];
    class Server extends FluentServer {
      protected override onEntry(tag: string, time: number | EventTime, record: Record<string, unknown>): void {
        entries.push({ tag, time: typeof time === "number" ? time : time.epoch + time.nano / 1e9, record });
      }
    }
    const pem = (file: string) => readFile(join(at, file), "utf8");
    if (isTls) {
      execFileSync("openssl", `${selfSigned} -addext subjectAltName=IP:127.0.0.1`.split(" "), {
        cwd: at,
        stdio: "pipe",
      });
    }
    const server = new Server({
      security: { serverHostname: "fluentd", sharedKey: "s", authorize: true, userDict: { u: "p" } },
      listenOptions: { host: "127.0.0.1", port: 0 },
      ...(isTls ? { tlsOptions: { key: await pem("key.pem"), cert: await pem("cert.pem") } } : {}),
    });
    await server.listen();
    const tls = isTls ? { ca: await pem("cert.pem"), serverName: null } : null;
    const address = { host: "127.0.0.1", port: server.port ?? 0, tls };
    const target = createForwardTarget({ ...address, secret: "s", username: "u", password: "p" }, guard);
    const { signal } = new AbortController();
    await target.send([record("one"), record("two", { severity: null, customer: null })], "a", signal);
    await target.send([record("three")], "b", signal);
    assert.deepEqual(
      entries.map(({ tag, record: { message, host, severity, status } }) => [tag, message, host, severity, status]),
      [
        ["mycloud", "one", "web1", "info", 200],
        ["mycloud", "two", "web1", undefined, 200],
        ["mycloud", "three", "web1", "info", 200],
      ],
    );
    assert.ok(Math.abs((entries[0]?.time ?? 0) - Date.now() / 1000) < 60);
    const wrong = createForwardTarget({ ...address, secret: "wrong", username: "u", password: "p" }, guard);
    await assert.rejects(wrong.send([record("four")], "c", signal));
    for (const one of [target, wrong]) one.close();
    await server.close();
    assert.equal(entries.length, 3);
  });
}

test("records are sent on by syslog, over TCP and UDP", async () => {
  const receiver = await startTestReceiver({ senders: [{ name: "us", networks: ["127.0.0.1"] }] });
  for (const transport of ["tcp", "udp"] as const) {
    const target = createSyslogTarget({ transport, host: "127.0.0.1", port: receiver.syslogPort, ca: null }, guard);
    await target.send(
      [record(`by ${transport}`), record("a\nb", { severity: "err" })],
      "1",
      new AbortController().signal,
    );
    target.close();
  }
  while (receiver.store.records.length < 4) await new Promise((resolve) => setTimeout(resolve, 10));
  const stored = receiver.store.records.map(({ message, service, facility }) => [message, service, facility]);
  assert.deepEqual(stored.filter(([message]) => message === "by tcp" || message === "by udp").length, 2);
  assert.deepEqual(stored[0], ["by tcp", "nginx", "local0"]);
  assert.ok(stored.some(([message]) => message === "a\nb"));
  await receiver.stop();
});

test("an address that the guard refuses is not connected to", async () => {
  const target = createSyslogTarget({ transport: "tcp", host: "127.0.0.1", port: 1, ca: null }, createAddressGuard([]));
  await assert.rejects(target.send([record("x")], "1", new AbortController().signal), /not|refused|allowed/i);
});

test("structured data goes out as it came in", () => {
  const text = syslogOf(record("x", { fields: { "origin@123.ip": "192.0.2.1", procid: "7", status: 200 } }));
  const { structuredData, procId } = parseSyslog(text, { receivedAtMs: 0, toUtcMs: (ms) => ms });
  assert.equal(procId, "7");
  assert.deepEqual(structuredData, [
    { id: "origin@123", params: [["ip", "192.0.2.1"]] },
    { id: "fields@32473", params: [["status", "200"]] },
  ]);
});
