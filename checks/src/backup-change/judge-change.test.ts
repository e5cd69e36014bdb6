import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { judgeChange, median, usualOf } from "./index.ts";

const dayMs = 86_400_000;
const quiet = {
  filesBefore: 10_000,
  added: 3,
  removed: 1,
  changed: 40,
  rewritten: 10,
  scrambled: 0,
  scrambledRenamed: 0,
  newExtension: null,
  addedBytes: 1000,
  incompressibleBytes: 100,
  removedBytes: 0,
  archivedBytes: 0,
  canaries: [],
  examples: [],
};

test("a host that scrambles as many files every night is judged by its own history", () => {
  const nightly = Array.from({ length: 30 }, (_, day) => ({
    atMs: day * dayMs,
    shape: { ...quiet, scrambled: 290 + (day % 20) },
  }));
  const judge = (scrambled: number) => judgeChange({ ...quiet, scrambled }, 30 * dayMs, nightly).state;
  assert.equal(judgeChange({ ...quiet, scrambled: 300 }, 0, []).state, "CRITICAL");
  assert.notEqual(judge(300), "CRITICAL");
  assert.equal(judge(2000), "CRITICAL");
});

test("limits follow the size of the tree: a few files of many are nothing, hundreds always something", () => {
  const stateOf = (filesBefore: number, scrambled: number) =>
    judgeChange({ ...quiet, filesBefore, scrambled }, 0, []).state;
  assert.deepEqual(
    [2, 3, 5].map((count) => stateOf(50, count)),
    ["OK", "WARNING", "CRITICAL"],
  );
  assert.deepEqual(
    [4, 5, 10].map((count) => stateOf(300, count)),
    ["OK", "WARNING", "CRITICAL"],
  );
  assert.deepEqual(
    [99, 100, 200].map((count) => stateOf(10_000, count)),
    ["OK", "WARNING", "CRITICAL"],
  );
  assert.deepEqual(
    [249, 250, 500].map((count) => stateOf(10_000_000, count)),
    ["OK", "WARNING", "CRITICAL"],
  );
});

test("however much is changed and added, without scrambled files, canaries and losses it stays quiet", () => {
  const count = fc.nat(20_000);
  fc.assert(
    fc.property(count, count, count, count, (filesBefore, added, changed, rewritten) => {
      const shape = { ...quiet, filesBefore, added, removed: Math.min(added, filesBefore), changed, rewritten };
      assert.equal(judgeChange(shape, 0, []).state, "OK");
    }),
  );
});

test("nearly everything gone is CRITICAL; with an archive that can hold it a WARNING, and by its size only", () => {
  const gone = { ...quiet, added: 1, removed: 9_900, removedBytes: 1e9 };
  const stateOf = (archivedBytes: number) => judgeChange({ ...gone, archivedBytes }, 0, []).state;
  assert.deepEqual([0, 1e6, 1e8].map(stateOf), ["CRITICAL", "CRITICAL", "WARNING"]);
});

test("what is usual is not moved by a few wild values", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([]), 0);
  const { center, spread } = usualOf([...Array.from({ length: 20 }, () => 4), 9_000, 9_000], { center: 0, spread: 1 });
  assert.deepEqual([center, spread], [4, 1]);
});
