import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { copyRecordedHost, runInTest } from "../run-in-test.ts";

describe("swap", () => {
  // The recorded host has 25% of two areas free: 10% of the first, 40% of the second.
  const table: [string, number, RegExp][] = [
    ["", 0, /^SWAP OK - 25% free \(488 MiB of 1.9 GiB\)$/],
    ["-w 30% -c 20%", 1, /25% free/],
    ["-w 30% -c 26%", 2, /25% free/],
    ["-w 600000000 -c 1", 1, /WARNING/],
    ["-a -w 20% -c 5%", 1, /; \/dev\/sda2 10% free/],
    ["-w 130%", 3, /at most 100/],
  ];
  for (const [line, returnCode, output] of table) {
    test(`${line || "without thresholds"} is ${returnCode}`, async () => {
      const result = await runInTest("swap", line);
      assert.match(result.output, output);
      assert.equal(result.returnCode, returnCode);
    });
  }

  for (const [line, returnCode] of [
    ["", 0],
    ["-w 20% -c 10%", 2],
    ["-w 20% -n ok", 0],
    ["-n unknown", 3],
  ] as const) {
    test(`a host without swap is ${returnCode} with "${line}"`, async () => {
      using host = copyRecordedHost();
      writeFileSync(`${host.procRoot}/swaps`, "Filename Type Size Used Priority\n");
      assert.equal((await runInTest("swap", line, host)).returnCode, returnCode);
      rmSync(`${host.procRoot}/swaps`);
      assert.equal((await runInTest("swap", line, host)).returnCode, returnCode);
    });
  }

  test("perfdata carries the thresholds in bytes, as the least that must be free", async () => {
    const { perfdata } = await runInTest("swap", "-w 20% -c 1000");
    assert.deepEqual(perfdata, [
      { label: "swap", value: 512_000_000, unit: "B", warn: "409600000:", crit: "1000:", min: 0, max: 2_048_000_000 },
    ]);
  });
});
