import assert from "node:assert/strict";
import { test } from "node:test";
import { closingLine, createTally } from "./tally.ts";

function recorded() {
  const texts: string[] = [];
  return {
    texts,
    tally: createTally(
      (text) => texts.push(text),
      () => 0,
    ),
  };
}

test("the last line counts steps and tests together", async () => {
  const { texts, tally } = recorded();
  await tally.step("lint", async () => ({ kind: "passed" }));
  await tally.tests("unit", async () => ({ passed: 3, failed: 0, skipped: 0 }));
  assert.equal(tally.finish(), 0);
  assert.equal(texts.join("").split("\n").at(-2), "4 passed, 0 failed");
});

test("a step that throws fails and says why", async () => {
  const { texts, tally } = recorded();
  await tally.step("types", async () => {
    throw new Error("tsc is missing");
  });
  assert.equal(tally.finish(), 1);
  assert.match(texts.join(""), /tsc is missing/);
  assert.match(texts.join(""), /\n0 passed, 1 failed\n$/);
});

test("a run without a single result is a failure", () => {
  assert.equal(recorded().tally.finish(), 1);
});

test("skipped tests are named only when there are some", () => {
  assert.equal(closingLine({ passed: 1, failed: 0, skipped: 0 }), "1 passed, 0 failed");
  assert.equal(closingLine({ passed: 1, failed: 2, skipped: 3 }), "1 passed, 2 failed, 3 skipped");
});

test("what passed only at the second try is said in the summary, and the last line stays", async () => {
  const { texts, tally } = recorded();
  const remarks = ["passed only at the second try: a (it works)"];
  await tally.tests("acceptance", async () => ({ passed: 3, failed: 0, skipped: 0, remarks }));
  assert.equal(tally.finish(), 0);
  assert.match(
    texts.join(""),
    /\n {2}! acceptance: passed only at the second try: a \(it works\)\n\n3 passed, 0 failed\n$/,
  );
});
