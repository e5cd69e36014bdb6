import assert from "node:assert/strict";
import { test } from "node:test";
import { findLogCheckFault, judgeCount, parseLogCheck } from "./command.ts";

const states = (words: readonly string[], counts: readonly number[]) => {
  const check = parseLogCheck(words);
  return counts.map((count) => judgeCount(check, count));
};

test("a number of records is held against ranges as plugins hold values", () => {
  assert.deepEqual(states(["-q", "refused"], [0, 1, 100]), [0, 1, 1]);
  assert.deepEqual(states(["-q", "refused", "-w", "5", "-c", "20"], [5, 6, 20, 21]), [0, 1, 1, 2]);
  assert.deepEqual(states(["-q", "finished", "-c", "1:"], [0, 1, 50]), [2, 0, 0]);
});

test("what cannot be counted is refused with its reason", () => {
  for (const [words, fault] of [
    [[], /--query QUERY is required/],
    [["-q", "a AND"], /-q\/--query is "a AND"; expected a query \(AND has nothing behind it\)/],
    [["-q", "a", "--window", "0"], /--window is "0"; expected a number of at least 1/],
    [["-q", "a", "-w", "x:y"], /-w\/--warning/],
    [["-q", "a", "--wat"], /unknown option --wat/],
    [["a"], /unexpected argument "a"/],
  ] as const) {
    assert.match(findLogCheckFault("log", words) ?? "", fault);
  }
  assert.equal(findLogCheckFault("log", ["-q", "a", "-w", "$_HOSTLIMIT$"]), null);
  assert.equal(findLogCheckFault("load", ["nonsense"]), null);
});
