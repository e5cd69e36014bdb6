import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAbsolute, formatDuration, formatRelative, fromLocalInput, toLocalInput } from "./duration.ts";

test("a duration is written in at most two adjacent units", () => {
  const table: [number, string][] = [
    [0, "0s"],
    [-3, "0s"],
    [0.0123, "12ms"],
    [0.0000001, "1ms"],
    [45, "45s"],
    [60, "1m"],
    [185, "3m 5s"],
    [3600, "1h"],
    [3605, "1h"],
    [7500, "2h 5m"],
    [86_400 * 4 + 3 * 3600 + 59, "4d 3h"],
    [86_400 * 400, "400d"],
    [Number.NaN, "unknown"],
  ];
  for (const [seconds, text] of table) assert.equal(formatDuration(seconds), text, String(seconds));
});

test("an instant is told as past, present or future", () => {
  assert.equal(formatRelative(1_000_000, 1_000_500), "just now");
  assert.equal(formatRelative(1_000_000, 1_185_000), "3m 5s ago");
  assert.equal(formatRelative(1_060_000, 1_000_000), "in 1m");
});

test("an absolute instant carries its offset", () => {
  assert.match(formatAbsolute(1_700_000_000_000), /^2023-11-1[45] \d\d:\d\d:20 [+-]\d\d:\d\d$/);
});

test("a local date input reads back to the same minute", () => {
  const minute = 1_700_000_040_000 - (1_700_000_040_000 % 60_000);
  assert.equal(fromLocalInput(toLocalInput(minute)), minute);
  assert.equal(fromLocalInput(""), null);
});
