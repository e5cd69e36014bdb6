import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runInTest } from "../run-in-test.ts";

describe("load", () => {
  // The recorded host has load 2.41, 1.80, 0.95 on 2 CPUs.
  const table: [string, number, RegExp][] = [
    ["", 0, /^LOAD OK - load average 2.41, 1.80, 0.95 on 2 CPUs$/],
    ["-w 5,4,3 -c 10,8,6", 0, /OK/],
    ["-w 2,4,3 -c 10,8,6", 1, /: 1 min average 2.41 \(warning above 2\)/],
    ["-w 5,4,0.5 -c 10,8,6", 1, /: 15 min average 0.95 \(warning above 0.5\)/],
    ["-w 1 -c 2", 2, /: 1 min average 2.41 \(critical above 2\)/],
    ["-r -w 1 -c 2", 1, /: 1 min average 1.21 per CPU \(warning above 1\)|1.20 per CPU/],
    ["-r -w 2 -c 4", 0, /OK/],
    ["-w 1,2,3,4", 3, /one number, or three separated by commas/],
    ["-w -1", 3, /expected a number of at least 0/],
  ];
  for (const [line, returnCode, output] of table) {
    test(`${line || "without thresholds"} is ${returnCode}`, async () => {
      const result = await runInTest("load", line);
      assert.match(result.output, output);
      assert.equal(result.returnCode, returnCode);
    });
  }

  test("reports scaled averages with the thresholds they were held against", async () => {
    const { perfdata } = await runInTest("load", "-r -w 2 -c 4");
    assert.deepEqual(perfdata.slice(0, 2), [
      { label: "load1", value: 2.41, unit: "", min: 0 },
      { label: "scaled_load1", value: 1.205, unit: "", warn: "2", crit: "4", min: 0 },
    ]);
  });

  test("is UNKNOWN where /proc cannot be read", async () => {
    const result = await runInTest("load", "", { procRoot: "/nonexistent" });
    assert.equal(result.output, "LOAD UNKNOWN - cannot read /nonexistent/loadavg: no such file or directory");
  });
});
