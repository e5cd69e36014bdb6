import assert from "node:assert/strict";
import { test } from "node:test";
import { compilePattern, PatternError } from "./compile-pattern.ts";
import { createPatternGuard } from "./pattern-guard.ts";
import { createTimeLimit } from "./time-limit.ts";

for (const pattern of [
  "(a+)+$",
  "(?<x>a*)*b",
  "(?:(a|ab)c?)*d",
  "([a-z]+)*=",
  "((a{2,}))+",
  "(x+x+)+y",
  "(a)\\1+",
  "(?<n>a)\\k<n>",
  "(\\w+\\s?){10,}",
]) {
  test(`the pattern ${pattern} is refused, since it may take for ever`, () => {
    assert.throws(() => compilePattern(pattern), PatternError);
  });
}

for (const pattern of [
  "^\\d{4}-\\d\\d",
  "^(?<level>ERROR|WARN|INFO) (?<text>.*)$",
  "(?:\\d{1,3}\\.){3}\\d{1,3}",
  "[(+)]+x",
  "\\(a+\\)+",
  "(?:abc)+",
  "(a+)?b",
]) {
  test(`the pattern ${pattern} is used`, () => {
    assert.ok(compilePattern(pattern));
  });
}

test("what is no regular expression is refused with the reason", () => {
  assert.throws(() => compilePattern("(a"), /not used: Invalid regular expression/);
});

test("a pattern that takes for ever all the same is ended in its middle", () => {
  const limit = createTimeLimit();
  let isDone = false;
  const isInTime = limit.run(() => {
    /(a+)+$/.test(`${"a".repeat(60)}b`);
    isDone = true;
  }, 50);
  assert.equal(isInTime, false);
  assert.equal(isDone, false);
  assert.equal(
    limit.run(() => undefined, 50),
    true,
  );
  assert.throws(() => limit.run(() => JSON.parse("{"), 50), SyntaxError);
});

test("the line that a pattern takes too long on is answered for, and each other one is worked on once and in order", () => {
  const guard = createPatternGuard(createTimeLimit());
  const evil = `${"a".repeat(60)}b`;
  const lines = Array.from({ length: 1_500 }, (_, index) => (index % 1_000 === 700 ? evil : `line ${index}`));
  const used: [string, number][] = [];
  guard.forEach(
    lines.length,
    (index) => (/^(a+)+$/.test(lines[index] ?? "") ? "matches" : "does not"),
    () => "too long",
    (result, index) => used.push([result, index]),
  );
  assert.deepEqual(
    used,
    lines.map((line, index) => [line === evil ? "too long" : "does not", index]),
  );
});

test("the more lines take too long, the sooner they are given up, and patience comes back", () => {
  const limits: number[] = [];
  let isSlow = true;
  const guard = createPatternGuard({
    run(work, limitMs) {
      limits.push(limitMs);
      if (isSlow) return false;
      work();
      return true;
    },
  });
  const run = (count: number) => {
    limits.length = 0;
    guard.forEach(
      count,
      () => "",
      () => "",
      () => undefined,
    );
    return [...limits];
  };
  assert.deepEqual(run(3), [1_000, 200, 500, 100, 250, 50]);
  run(100);
  assert.deepEqual(run(1), [10, 5]);
  isSlow = false;
  for (let round = 0; round < 10; round++) run(1);
  assert.deepEqual(run(1), [1_000]);
});
