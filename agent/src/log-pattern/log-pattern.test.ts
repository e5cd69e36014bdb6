import assert from "node:assert/strict";
import { test } from "node:test";
import { compilePattern, PatternError } from "./compile-pattern.ts";
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
  const limit = createTimeLimit(50);
  let isDone = false;
  const isInTime = limit.run(() => {
    /(a+)+$/.test(`${"a".repeat(60)}b`);
    isDone = true;
  });
  assert.equal(isInTime, false);
  assert.equal(isDone, false);
  assert.equal(
    limit.run(() => undefined),
    true,
  );
  assert.throws(() => limit.run(() => JSON.parse("{")), SyntaxError);
});
