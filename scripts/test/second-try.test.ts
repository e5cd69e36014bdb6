import assert from "node:assert/strict";
import { test } from "node:test";
import { collectOutcomes, type FileOutcome } from "./file-outcome.ts";
import { planSecondTry, takeSecondTry } from "./second-try.ts";

function outcome(file: string, more: Partial<FileOutcome> = {}): FileOutcome {
  return { file, passed: 2, failed: 0, skipped: 0, failures: [], durationMs: 1_000, ...more };
}
const failing = (file: string) => outcome(file, { passed: 1, failed: 1, failures: ["it works"] });
const nameOf = (file: string) => file;

test("only files that failed are tried again", () => {
  assert.deepEqual(planSecondTry([outcome("a"), outcome("b")]), { kind: "none" });
  assert.deepEqual(planSecondTry([outcome("a"), failing("b")]), { kind: "again", files: ["b"] });
});

test("a file of which only a suite's hook failed is tried again", () => {
  const plan = planSecondTry([outcome("a", { failures: ["a suite"] })]);
  assert.deepEqual(plan, { kind: "again", files: ["a"] });
});

test("three files are tried again, four are not", () => {
  assert.equal(planSecondTry(["a", "b", "c"].map(failing)).kind, "again");
  const plan = planSecondTry(["a", "b", "c", "d"].map(failing));
  assert.equal(plan.kind === "refused" && plan.reason, "4 files failed, and no more than 3 are tried a second time");
});

test("a file that passes at the second try counts as passed, and is named", () => {
  const counts = { passed: 10, failed: 1, skipped: 0 };
  assert.deepEqual(takeSecondTry(counts, [failing("b")], [outcome("b")], nameOf), {
    counts: { passed: 11, failed: 0, skipped: 0 },
    remarks: ["passed only at the second try: b (it works)"],
  });
});

test("a file that fails again fails as it did, beside one that passes", () => {
  const counts = { passed: 10, failed: 2, skipped: 0 };
  const second = [outcome("a"), outcome("b", { passed: 0, failed: 2, failures: ["it works", "it ends"] })];
  assert.deepEqual(takeSecondTry(counts, [failing("a"), failing("b")], second, nameOf), {
    counts: { passed: 11, failed: 1, skipped: 0 },
    remarks: ["passed only at the second try: a (it works)", "failed at the second try too: b (it works; it ends)"],
  });
});

test("a second try that broke, or ran fewer tests, changes nothing", () => {
  const counts = { passed: 10, failed: 1, skipped: 0 };
  for (const second of [[], [outcome("b", { passed: 1, skipped: 1 })]]) {
    const { counts: after, remarks } = takeSecondTry(counts, [failing("b")], second, nameOf);
    assert.deepEqual(after, counts);
    assert.deepEqual(remarks, ["failed at the second try too: b (it works)"]);
  }
});

test("a file that broke half-way counts with all its tests when it passes", () => {
  const first = outcome("a", { passed: 0, failed: 1, failures: ["a"] });
  const { counts } = takeSecondTry({ passed: 5, failed: 1, skipped: 0 }, [first], [outcome("a")], nameOf);
  assert.deepEqual(counts, { passed: 7, failed: 0, skipped: 0 });
});

test("a suite's hook that fails twice is one failure, though no test failed", () => {
  const first = outcome("a", { failures: ["a suite"] });
  const { counts } = takeSecondTry({ passed: 5, failed: 0, skipped: 0 }, [first], [first], nameOf);
  assert.equal(counts.failed, 1);
});

test("events are counted for the file that was started, suites only where a hook of them failed", () => {
  const outcomes = collectOutcomes();
  const entryFile = "/clone/a.test.ts";
  outcomes.take("test:pass", { name: "one", entryFile, file: "/clone/shared.ts", details: { type: "test" } });
  outcomes.take("test:pass", { name: "two", entryFile, skip: true, details: { type: "test" } });
  outcomes.take("test:fail", { name: "three", entryFile, details: { type: "test", error: { failureType: "x" } } });
  const subtests = { type: "suite", error: { failureType: "subtestsFailed" } };
  outcomes.take("test:fail", { name: "of tests", entryFile, details: subtests });
  outcomes.take("test:fail", {
    name: "of hooks",
    entryFile,
    details: { type: "suite", error: { failureType: "hookFailed" } },
  });
  outcomes.take("test:summary", { entryFile, duration_ms: 70 });
  outcomes.take("test:fail", { name: "b.test.ts", file: "/clone/b.test.ts", details: { type: "test" } });
  outcomes.take("test:summary", { duration_ms: 90 });
  assert.deepEqual(outcomes.files(), [
    { file: entryFile, passed: 1, failed: 1, skipped: 1, failures: ["three", "of hooks"], durationMs: 70 },
    { file: "/clone/b.test.ts", passed: 0, failed: 1, skipped: 0, failures: ["b.test.ts"], durationMs: 0 },
  ]);
});
