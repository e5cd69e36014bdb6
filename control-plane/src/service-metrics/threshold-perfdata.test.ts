import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePerfdata } from "@mycloud/checks/plugin-api";
import { thresholdPerfdata } from "./threshold-perfdata.ts";

test("a threshold is the bound of its range that a value may cross, in the base unit", () => {
  const { perfdata } = parsePerfdata("time=2ms;5;10 free=3GB;4:;2: used=50%;10:80;@5:90 in=7c;1;2 plain=1 odd=1;x;y");
  assert.deepEqual(thresholdPerfdata(perfdata, "warning"), [
    { label: "time", value: 0.005, unit: "s" },
    { label: "free", value: 4 * 1024 ** 3, unit: "B" },
    { label: "used", value: 80, unit: "%" },
  ]);
  assert.deepEqual(
    thresholdPerfdata(perfdata, "critical").map(({ label, value }) => [label, value]),
    [
      ["time", 0.01],
      ["free", 2 * 1024 ** 3],
      ["used", 90],
    ],
  );
});
