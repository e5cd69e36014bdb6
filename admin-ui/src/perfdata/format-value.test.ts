import assert from "node:assert/strict";
import { test } from "node:test";
import { formatTicks, formatValue } from "./format-value.ts";

test("values are written with the unit people read", () => {
  const table: [number, string, string][] = [
    [0.000012, "s", "12 µs"],
    [0.0125, "s", "12.5 ms"],
    [2.5, "s", "2.5 s"],
    [100, "s", "100 s"],
    [824, "s", "13.7 min"],
    [7200, "s", "2 h"],
    [200_000, "s", "2.31 d"],
    [0, "s", "0 s"],
    [512, "B", "512 B"],
    [3_650_722_201, "B", "3.4 GiB"],
    [87.25, "%", "87.3%"],
    [1_234_567, "c", "1.23M"],
    [9_500, "", "9500"],
    [4, "users", "4 users"],
    [0.1234, "", "0.123"],
    [-20.5, "", "-20.5"],
    [Number.NaN, "", "unknown"],
  ];
  for (const [value, unit, text] of table) assert.equal(formatValue(value, unit), text, `${value}${unit}`);
});

test("ticks of an axis of time have one unit", () => {
  assert.deepEqual(formatTicks([0, 60, 600, 1200], "s"), ["0 s", "1 min", "10 min", "20 min"]);
  assert.deepEqual(formatTicks([0, 512, 2048], "B"), ["0 B", "512 B", "2 KiB"]);
  const gib = 1024 ** 3;
  assert.deepEqual(formatTicks([36.05 * gib, 36.1 * gib, 36.15 * gib], "B"), ["36.05 GiB", "36.1 GiB", "36.15 GiB"]);
  assert.deepEqual(formatTicks([1, 1 + 1e-9], "%"), ["1%", "1%"], "and no more digits than anybody reads");
});
