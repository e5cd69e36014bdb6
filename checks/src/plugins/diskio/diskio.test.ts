import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { copyRecordedHost, runInTest } from "../run-in-test.ts";

/** Runs the check, lets sda do some work for ten seconds, and runs it again. */
async function measure(line: string) {
  using host = copyRecordedHost();
  const clock = { ms: 5_000_000 };
  const context = { ...host, memory: new Map<string, unknown>(), now: () => clock.ms };
  await runInTest("diskio", line, context);
  const path = `${host.procRoot}/diskstats`;
  // 200 reads of 8 sectors taking 1,000 ms, 300 writes of 16 sectors taking 4,000 ms, busy 9,500 of 10,000 ms.
  writeFileSync(
    path,
    readFileSync(path, "utf8").replace(
      "sda 10000 50 800000 5000 20000 900 1600000 40000 0 30000",
      "sda 10200 50 801600 6000 20300 900 1604800 44000 0 39500",
    ),
  );
  clock.ms += 10_000;
  return await runInTest("diskio", line, context);
}

describe("diskio", { concurrency: true }, () => {
  test("says how busy each disk was and how long requests took, the busiest first", async () => {
    assert.equal(
      (await measure("")).output,
      "DISKIO OK - sda 95.0% busy, 10 ms per request, read 80 KiB/s, written 240 KiB/s; " +
        "sdb 0.0% busy, 0 ms per request, read 0 B/s, written 0 B/s",
    );
  });

  test("judges utilisation and latency", async () => {
    assert.match((await measure("-w 90 -c 99")).output, /^DISKIO WARNING - sda 95.0% busy \(warning above 90%\)/);
    assert.match(
      (await measure("--latency-critical 5")).output,
      /^DISKIO CRITICAL - sda .* 10 ms per request \(critical above 5 ms\)/,
    );
  });

  test("leaves partitions and loop devices out, unless a partition is named", async () => {
    const labels = (await measure("")).perfdata.map((one) => one.label.split("_")[0]);
    assert.deepEqual([...new Set(labels)], ["sda", "sdb"]);
    assert.match((await measure("-d sda1")).output, /^DISKIO OK - sda1 0.0% busy/);
  });

  test("is UNKNOWN for a disk that is not there", async () => {
    assert.equal((await measure("-d sdz")).output, "DISKIO UNKNOWN - no such disk: sdz");
  });
});
