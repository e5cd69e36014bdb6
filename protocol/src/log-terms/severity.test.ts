import assert from "node:assert/strict";
import { test } from "node:test";
import { readSeverity } from "./severity.ts";

test("words and numbers that programs write for severities are understood", () => {
  for (const [text, expected] of [
    ["ERROR", "err"],
    ["err", "err"],
    [" Warn ", "warning"],
    ["fatal", "crit"],
    ["0", "emerg"],
    ["7", "debug"],
    ["30", "info"],
    ["60", "crit"],
    ["8", null],
    ["70", null],
    ["constructor", null],
    ["", null],
  ] as const) {
    assert.equal(readSeverity(text), expected, text);
  }
});
