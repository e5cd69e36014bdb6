// `npm run test:faults`: the shipper and what happens to it. A control plane that dies between storing and acknowledging, a burst of a million lines, lines
// that are made to hurt, a disk that is full.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { appendFileSync, closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { writeAccessLines } from "../../bench/logs/access-lines.ts";
import { exportRecords } from "../logs-story/index.ts";
import { freePort, repositoryRoot, startServer, temporaryDirectory, waitFor } from "../support/index.ts";
import { startCountingReceiver, startShipper, startSilentProxy } from "./log-shipper/index.ts";

/** What the shipper may have resident, whatever it is given to read. */
const boundMiB = 160;

async function folders() {
  const directory = await temporaryDirectory("shipper");
  const logs = join(directory, "logs");
  mkdirSync(logs);
  return { logs, queueDirectory: join(directory, "queue") };
}

test("a control plane that is killed after it stored a chunk and before that was acknowledged stores nothing twice", async (t) => {
  const forward = await freePort();
  const server = await startServer(t, { env: { MYCLOUD_FORWARD: `127.0.0.1:${forward}`, MYCLOUD_SYSLOG: "off" } });
  const credentials = { username: "far", password: "secret p", secret: "shared" };
  const sender = { name: "far", protocols: ["forward"], host: "far", ...credentials };
  assert.equal((await server.api("POST", "/api/v1/log-senders", { body: sender })).status, 200);
  const proxy = await startSilentProxy(t, forward);
  const { logs, queueDirectory } = await folders();
  const file = join(logs, "app.log");
  writeFileSync(file, "line 0\n");
  const destination = { host: "127.0.0.1", port: proxy.port, ...credentials };
  const shipper = startShipper(t, { logs, queueDirectory, destination, job: { service: "story" } });
  const stored = async () =>
    (await exportRecords(server.api, undefined, "service:story")).map(({ message }) => message);
  await shipper.until(({ destinations: [one] }) => (one?.shippedRecords ?? 0) === 1, 60_000, "the first line");

  let written = 1;
  for (let round = 0; round < 3; round++) {
    proxy.silence();
    const before = proxy.swallowedBytes();
    for (let line = 0; line < 500; line++) appendFileSync(file, `line ${written++}\n`);
    await waitFor(async () => (await stored()).length === written, 60_000, "the lines to be stored");
    await waitFor(() => proxy.swallowedBytes() > before, 60_000, "the acknowledgement to be swallowed");
    await server.kill();
    await server.start();
    proxy.heal();
    await shipper.until(
      ({ destinations: [one] }) => one?.shippedRecords === written,
      90_000,
      "what was sent again to be acknowledged",
    );
  }
  assert.deepEqual(
    await stored(),
    Array.from({ length: written }, (_, line) => `line ${line}`),
  );
});

test("a burst of a million lines comes through, each once and in order, in bounded memory", async (t) => {
  const lines = 1_000_000;
  const { logs, queueDirectory } = await folders();
  let next = 0;
  let wrong = "";
  const receiver = await startCountingReceiver(t, {
    onEntry({ record }) {
      const number = Number(/\/items\/(\d+)\//.exec(String(record.message))?.[1]);
      if (number !== next && wrong === "") wrong = `where ${next} belongs is ${number}`;
      next++;
    },
  });
  const shipper = startShipper(t, {
    logs,
    queueDirectory,
    destination: { host: "127.0.0.1", port: receiver.port },
    job: { parser: { type: "access" } },
  });
  await shipper.until(({ pid }) => pid !== null, 60_000, "the shipper to run");
  writeAccessLines(join(logs, "access.log"), lines);
  await waitFor(() => receiver.entries() >= lines, 300_000, "all lines");
  await shipper.until(({ destinations: [one] }) => one?.shippedRecords === lines, 60_000, "the last acknowledgement");
  assert.equal(wrong, "");
  assert.equal(receiver.entries(), lines);
  const peakMiB = shipper.peakMiB();
  t.diagnostic(`at most ${peakMiB.toFixed(0)} MiB resident, ${shipper.residentMiB().toFixed(0)} MiB behind it`);
  assert.ok(peakMiB < boundMiB, `${peakMiB} MiB`);
});

test("lines that are made to hurt are taken or cut, and the shipper stays within its memory", async (t) => {
  const { logs, queueDirectory } = await folders();
  let cut = 0;
  const seen = new Set<string>();
  const receiver = await startCountingReceiver(t, {
    onEntry({ record }) {
      if (record.truncated === true) cut++;
      const { message, fields } = { message: String(record.message), fields: Object.keys(record).length };
      assert.ok(Buffer.byteLength(message) <= 262_144 && fields <= 80);
      seen.add(message.slice(0, 20));
    },
  });
  const shipper = startShipper(t, {
    logs,
    queueDirectory,
    destination: { host: "127.0.0.1", port: receiver.port },
    job: {
      parser: { type: "json" },
      redaction: {
        builtIn: ["secrets", "card-numbers", "email-addresses"],
        custom: [{ pattern: "[a-z]*[a-z]*[a-z]*[a-z]*1" }],
      },
    },
  });
  await shipper.until(({ pid }) => pid !== null, 60_000, "the shipper to run");
  const write = (name: string, pieces: Iterable<string | Buffer>) => {
    const file = openSync(join(logs, `${name}.log`), "w");
    for (const piece of pieces) writeSync(file, Buffer.from(piece));
    writeSync(file, `\nthe end of ${name}\n`);
    closeSync(file);
  };
  const repeated = (piece: string | Buffer, count: number) => Array.from({ length: count }, () => piece);
  const names = Array.from({ length: 100_000 }, (_, index) => `"f${index}":${index}`).join(",");
  write("endless", repeated(Buffer.alloc(1024 * 1024, "x"), 1024));
  write("nul", repeated(Buffer.alloc(1024 * 1024), 64));
  write("binary", repeated(randomBytes(1024 * 1024), 16));
  write("fields", repeated(`{${names}}\n`, 4));
  write("wide", repeated(`{${names.slice(0, 250_000).replace(/,[^,]*$/, "")}}\n`, 40));
  write("deep", repeated(`${"[".repeat(120_000)}${"]".repeat(120_000)}\n`, 20));
  write("nested", repeated(`${'{"a":'.repeat(30_000)}1${"}".repeat(30_000)}\n`, 20));
  write("pattern", repeated(`{"message":"${"a".repeat(3_000)}"}\n`, 5));
  for (const [index, needle] of ["pass", "token.", "://a:", "eyJ", "a@a.", "4-4 ", '\\"'].entries()) {
    write(`needles${index}`, [`${needle.repeat(Math.floor(260_000 / needle.length))}\n`]);
  }
  const ends = ["endless", "nul", "binary", "fields", "wide", "deep", "nested", "pattern", "needles0", "needles6"];
  await waitFor(
    () => ends.every((name) => seen.has(`the end of ${name}`.slice(0, 20))),
    300_000,
    "the last line of each",
  ).catch((error: unknown) => {
    throw new Error(
      `${error}: ${[...seen].filter((text) => text.startsWith("the end"))} ${JSON.stringify(shipper.status())}`,
    );
  });
  const lines = receiver.entries();
  assert.equal(shipper.status()?.restarts, 0);
  assert.ok(cut > 40, `${cut} of ${lines} were cut`);
  const peakMiB = shipper.peakMiB();
  t.diagnostic(`${lines} records, ${cut} cut, at most ${peakMiB.toFixed(0)} MiB resident`);
  assert.ok(peakMiB < boundMiB, `${peakMiB} MiB`);
});

for (const whenFull of ["block", "drop-oldest"] as const) {
  test(`with ${whenFull}, a disk that is full leaves nothing half written, and what comes when there is room again is whole`, (t) => {
    const program = fileURLToPath(new URL("./log-shipper/full-disk.ts", import.meta.url));
    // The small file system is mounted in a name space of its own, which needs no root.
    const mayMount = spawnSync("unshare", ["-Urm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status === 0;
    if (!mayMount && process.env.CI !== "true") return t.skip("unshare -Urm may mount nothing here");
    const { status, stdout, stderr } = spawnSync("unshare", ["-Urm", process.execPath, program, whenFull], {
      cwd: repositoryRoot,
      encoding: "utf8",
      timeout: 240_000,
    });
    assert.equal(status, 0, `${stdout}\n${stderr}`);
    t.diagnostic(stdout.trim());
  });
}
