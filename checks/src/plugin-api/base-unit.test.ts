import assert from "node:assert/strict";
import test from "node:test";
import { rangeToBaseUnit, toBaseUnit } from "./base-unit.ts";

test("times become seconds and sizes become bytes, everything else stays", () => {
  const table: [number, string, number, string][] = [
    [0.377, "ms", 0.000377, "s"],
    [1500, "us", 0.0015, "s"],
    [2, "s", 2, "s"],
    [1, "KB", 1024, "B"],
    [3, "MB", 3 * 1024 ** 2, "B"],
    [1.5, "GB", 1.5 * 1024 ** 3, "B"],
    [1, "TB", 1024 ** 4, "B"],
    [2, "MiB", 2 * 1024 ** 2, "B"],
    [99.5, "%", 99.5, "%"],
    [7, "c", 7, "c"],
    [7, "", 7, ""],
    [7, "V", 7, "V"],
    [7, "constructor", 7, "constructor"],
  ];
  for (const [value, unit, baseValue, baseUnit] of table) {
    assert.deepEqual(toBaseUnit(value, unit), { value: baseValue, unit: baseUnit }, `${value}${unit}`);
  }
});

test("a threshold range follows its value into the base unit", () => {
  for (const [range, unit, expected] of [
    ["250", "ms", "0.25"],
    ["@10:20", "KB", "@10240:20480"],
    ["~:-1.5e3", "us", "~:-0.0015"],
    ["10:", "MB", "10485760:"],
    ["80", "%", "80"],
    ["5", "s", "5"],
    ["nonsense", "ms", "nonsense"],
  ] as const) {
    assert.equal(rangeToBaseUnit(range, unit), expected, `${range} ${unit}`);
  }
});
