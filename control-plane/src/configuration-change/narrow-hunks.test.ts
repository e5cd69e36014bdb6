import assert from "node:assert/strict";
import { test } from "node:test";
import { narrowHunk } from "./narrow-hunks.ts";

test("what is far from a change is cut, and lines keep their numbers", () => {
  const lines = [" 1", " 2", "-3", "+drei", " 4", " 5", " 6", " 7", " 8", "+neu", " 9"];
  const hunk = { fromLine: 11, fromLines: 9, toLine: 21, toLines: 10, lines };
  assert.deepEqual(narrowHunk(hunk, 1), [
    { fromLine: 12, fromLines: 3, toLine: 22, toLines: 3, lines: [" 2", "-3", "+drei", " 4"] },
    { fromLine: 18, fromLines: 2, toLine: 28, toLines: 3, lines: [" 8", "+neu", " 9"] },
  ]);
  assert.deepEqual(narrowHunk(hunk, 3), [hunk]);
});
