import assert from "node:assert/strict";
import { test } from "node:test";
import { binEntries } from "./bin-entries.ts";

test("every instant of the range is in one part, and others in none", () => {
  const bins = binEntries([99, 100, 149, 150, 199, 200], 100, 200, 2);
  assert.deepEqual(bins, [
    { fromMs: 100, untilMs: 150, count: 2 },
    { fromMs: 150, untilMs: 200, count: 2 },
  ]);
});
