// Run by logs-shipper.test.ts in a mount name space: the queue of a shipper lies on a file system of 3 MB, and nobody takes what it holds. Ends with 0 when
// everything is as it should be.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readChunkBody } from "../../../agent/src/log-queue/index.ts";
import { freePort, waitFor } from "../../support/index.ts";
import { startCountingReceiver } from "./counting-receiver.ts";
import { startShipper } from "./running-shipper.ts";

const whenFull: "block" | "drop-oldest" = process.argv[2] === "block" ? "block" : "drop-oldest";
const lines = 100_000;
const directory = mkdtempSync(join(tmpdir(), "mycloud-full-disk-"));
const ends: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
const cleanup = { after: (end: () => unknown) => void ends.unshift(end) };

/** Nothing of it can be compressed away. */
const lineOf = (number: number) => `${number} ${createHash("sha512").update(String(number)).digest("base64")}`;

async function run(): Promise<void> {
  const [logs, disk] = [join(directory, "logs"), join(directory, "disk")];
  mkdirSync(logs);
  mkdirSync(disk);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", disk]);
  ends.splice(-1, 0, () => execFileSync("umount", ["-l", disk]));
  const queueDirectory = join(disk, "queue");
  const port = await freePort();
  const queue = { maximumBytes: 1024 * 1024 * 1024, whenFull };
  const destination = { host: "127.0.0.1", port };
  const job = { redaction: { builtIn: [] } };
  const shipper = startShipper(cleanup, { logs, queueDirectory, destination, queue, job });
  await shipper.until(({ pid }) => pid !== null, 60_000, "the shipper to run");
  writeFileSync(join(logs, "app.log"), Array.from({ length: lines }, (_, number) => `${lineOf(number)}\n`).join(""));

  if (whenFull === "block") {
    const full = await shipper.until(
      ({ fault }) => fault?.startsWith("ENOSPC") === true,
      60_000,
      "the disk to be full",
    );
    assert.ok((full.sources[0]?.lines ?? 0) < lines, "reading goes on though nothing can be kept");
    assert.equal(full.destinations[0]?.droppedRecords, 0);
  } else {
    await shipper.until(({ sources: [one] }) => one?.lines === lines, 120_000, "all lines to be read");
    await shipper.until(({ destinations: [one] }) => (one?.droppedRecords ?? 0) > 0, 60_000, "something to be dropped");
  }
  const { bavail, bsize } = statfsSync(disk);
  for (const folder of readdirSync(join(queueDirectory, "queue"))) {
    for (const file of readdirSync(join(queueDirectory, "queue", folder)).filter((name) => name.endsWith(".chunk"))) {
      await readChunkBody(join(queueDirectory, "queue", folder, file)).catch((error: unknown) => {
        // Dropped meanwhile, as it should be.
        if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
      });
    }
  }

  const came: number[] = [];
  const receiver = await startCountingReceiver(cleanup, {
    port,
    onEntry({ record }) {
      const number = Number.parseInt(String(record.message), 10);
      assert.equal(record.message, lineOf(number));
      came.push(number);
    },
  });
  const isDone = () => {
    const [one] = shipper.status()?.destinations ?? [];
    return receiver.entries() + (one?.droppedRecords ?? 0) >= lines && one?.oldestAtMs === null;
  };
  await waitFor(isDone, 120_000, "everything to come or be counted").catch((error: unknown) => {
    throw new Error(`${error}: ${JSON.stringify(shipper.status())}`);
  });
  const status = await shipper.until(({ fault }) => fault === null, 30_000, "the fault to be over");
  const dropped = status.destinations[0]?.droppedRecords ?? 0;
  assert.equal(came.length + dropped, lines);
  assert.ok(
    came.every((number, index) => index === 0 || number > (came[index - 1] ?? 0)),
    "in order, each once",
  );
  assert.equal(status.destinations[0]?.refusedRecords, 0);
  if (whenFull === "block") assert.equal(dropped, 0);
  console.log(
    `${came.length} of ${lines} lines came, ${dropped} were dropped and counted; ${bavail * bsize} bytes were free`,
  );
}

try {
  await run();
} finally {
  for (const end of ends) {
    try {
      await end();
    } catch (error) {
      console.error(error);
    }
  }
}
