import assert from "node:assert/strict";
import { test } from "node:test";
import { formatValue } from "./format-value.ts";

test("values are written with the unit people read", () => {
  const table: [number, string, string][] = [
    [0.000012, "s", "12 µs"],
    [0.0125, "s", "12.5 ms"],
    [2.5, "s", "2.5 s"],
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
