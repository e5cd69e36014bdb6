import assert from "node:assert/strict";
import { test } from "node:test";
import { daysUntilFull, judgeStorage, type TrendPoint } from "./judge-storage.ts";

const dayMs = 86_400_000;
const roomy = { totalBytes: 1000, freeBytes: 600, reserveBytes: 10, inodes: 100, inodesFree: 90, repositories: [] };
/** Free bytes day by day. */
const trendOf = (free: readonly number[]): TrendPoint[] => free.map((bytes, day) => [day * dayMs, bytes]);

test("days until full follow the usual day, not the night when something was pruned", () => {
  assert.equal(daysUntilFull(trendOf([700, 690, 680, 670]), 670), 67);
  const month = Array.from({ length: 30 }, (_, day) => 900 - 10 * day + (day >= 26 ? 200 : 0));
  assert.equal(daysUntilFull(trendOf(month), 810), 81);
  assert.equal(daysUntilFull(trendOf([600, 610, 620]), 620), null);
  assert.equal(daysUntilFull([[0, 700]], 700), null);
});

test("little space, few inodes or a short time left are WARNING, then CRITICAL", () => {
  const table: [object, readonly number[], number, RegExp][] = [
    [{}, [], 0, /590 B of 1000 B free for backups \(59 %\)/],
    [{ freeBytes: 150 }, [], 1, /14 %/],
    [{ freeBytes: 50 }, [], 2, /4 %/],
    [{ inodesFree: 4 }, [], 2, /4 % of the inodes/],
    [{ inodes: 0, inodesFree: 0 }, [], 0, /59 %/],
    [{}, [800, 740, 680, 620], 1, /full in 9\.8 days as it goes/],
  ];
  for (const [facts, free, returnCode, words] of table) {
    const result = judgeStorage({ ...roomy, ...facts }, trendOf(free));
    assert.equal(result.returnCode, returnCode, result.output);
    assert.match(result.output, words);
  }
});
