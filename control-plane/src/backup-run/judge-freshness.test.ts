import assert from "node:assert/strict";
import { test } from "node:test";
import { freshnessChangesAtMs, judgeFreshness } from "./judge-freshness.ts";

const hourMs = 3_600_000;

test("the newest snapshot is a WARNING at 80 % of the objective and CRITICAL at 100 %", () => {
  const facts = { lastSnapshotAtMs: hourMs, assignedAtMs: 0, rpoSeconds: 3600 };
  for (const [afterSeconds, state] of [
    [0, "OK"],
    [2879, "OK"],
    [2880, "WARNING"],
    [3599, "WARNING"],
    [3600, "CRITICAL"],
  ] as const) {
    const freshness = judgeFreshness(facts, hourMs + afterSeconds * 1000);
    assert.equal(freshness.state, state, `${afterSeconds}`);
    assert.match(
      freshness.output,
      new RegExp(`^BACKUP FRESHNESS ${state} - newest snapshot .*\\| age=${afterSeconds}s;2880;3600;0 `),
    );
  }
});

test("without a snapshot the age counts from when the policy began", () => {
  const freshness = judgeFreshness({ lastSnapshotAtMs: null, assignedAtMs: 0, rpoSeconds: 60 }, 90_000);
  assert.match(freshness.output, /^BACKUP FRESHNESS CRITICAL - no snapshot yet, 1 min 30 s after the policy began/);
});

test("what has no objective, or no policy any more, is not judged", () => {
  assert.equal(judgeFreshness({ lastSnapshotAtMs: 0, assignedAtMs: 0, rpoSeconds: null }, hourMs).state, "none");
  assert.equal(judgeFreshness({ lastSnapshotAtMs: 0, assignedAtMs: null, rpoSeconds: 60 }, hourMs).state, "none");
});

test("the state changes next at 80 % and at 100 % of the objective, and then no more", () => {
  const facts = { lastSnapshotAtMs: hourMs, assignedAtMs: 0, rpoSeconds: 3601 };
  const warningAtMs = freshnessChangesAtMs(facts, hourMs) ?? 0;
  const criticalAtMs = freshnessChangesAtMs(facts, warningAtMs) ?? 0;
  for (const [atMs, before, after] of [
    [warningAtMs, "OK", "WARNING"],
    [criticalAtMs, "WARNING", "CRITICAL"],
  ] as const) {
    assert.equal(judgeFreshness(facts, atMs - 1).state, before);
    assert.equal(judgeFreshness(facts, atMs).state, after);
  }
  assert.equal(freshnessChangesAtMs(facts, criticalAtMs), null);
  assert.equal(freshnessChangesAtMs({ ...facts, rpoSeconds: null }, 0), null);
});
