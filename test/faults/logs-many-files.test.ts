// `npm run test:faults`: ten thousand logs of one directory, all rotated at once: more changes than the kernel remembers.
import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { test } from "node:test";
import { temporaryDirectory, waitFor } from "../support/index.ts";
import { startCountingReceiver, startShipper } from "./log-shipper/index.ts";

const files = 10_000;

/** What the shipper may have resident with so many files: both generations of each are followed for a while. */
const boundMiB = 210;

test("ten thousand logs that are all rotated at once are read on, each line once and in order", async (t) => {
  const directory = await temporaryDirectory("many");
  const logs = join(directory, "logs");
  mkdirSync(logs);
  const pathOf = (file: number) => join(logs, `app-${file}.log`);
  const read = new Map<string, string>();
  const receiver = await startCountingReceiver(t, {
    onEntry({ record }) {
      const [file = "", part = ""] = String(record.message).split(" ");
      read.set(file, `${read.get(file) ?? ""} ${part}`);
    },
  });
  const eachFile = (act: (file: number) => void) => {
    for (let file = 0; file < files; file++) act(file);
  };
  let written = 0;
  async function arrive(what: string): Promise<void> {
    written += files;
    const start = performance.now();
    await waitFor(() => receiver.entries() >= written, 120_000, what);
    t.diagnostic(`${what}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }

  eachFile((file) => writeFileSync(pathOf(file), `${file} first\n`));
  const shipper = startShipper(t, {
    logs,
    queueDirectory: join(directory, "queue"),
    destination: { host: "127.0.0.1", port: receiver.port },
  });
  await arrive("the first line of each");
  eachFile((file) => appendFileSync(pathOf(file), `${file} second\n`));
  await arrive("the second line of each");
  eachFile((file) => {
    appendFileSync(pathOf(file), `${file} third\n`);
    renameSync(pathOf(file), `${pathOf(file)}.1`);
    writeFileSync(pathOf(file), `${file} fourth\n`);
  });
  written += files;
  await arrive("both lines of each around the rotation");
  eachFile((file) => appendFileSync(pathOf(file), `${file} fifth\n`));
  await arrive("the line of each behind it");

  t.diagnostic(`at most ${shipper.peakMiB().toFixed(0)} MiB resident, ${shipper.residentMiB().toFixed(0)} MiB at last`);
  assert.equal(receiver.entries(), written);
  const wrong = [...read].filter(([, parts]) => parts !== " first second third fourth fifth");
  assert.deepEqual({ files: read.size, wrong }, { files, wrong: [] });
  assert.ok(shipper.peakMiB() < boundMiB, `${shipper.peakMiB()} MiB`);
});
