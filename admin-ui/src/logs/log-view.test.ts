import assert from "node:assert/strict";
import { test } from "node:test";
import { readView, withTerm } from "./log-view.ts";

const nowMs = 1_700_000_000_000;
const view = (address: string) => readView(new URLSearchParams(address), nowMs);

test("an address that says nothing shows the last hour, and goes on", () => {
  const { query, fromMs, untilMs, isLive, tab, isTailing } = view("");
  assert.deepEqual(
    [query, fromMs, untilMs, isLive, tab, isTailing],
    ["", nowMs - 3_600_000, nowMs, true, "lines", false],
  );
});

test("an address can name a length, or a range of its own", () => {
  assert.equal(view("last=7d").fromMs, nowMs - 7 * 86_400_000);
  const own = view("fromMs=1000&untilMs=2000&q=a%20b&tab=patterns&order=risen");
  assert.deepEqual([own.fromMs, own.untilMs, own.isLive, own.last], [1000, 2000, false, null]);
  assert.deepEqual([own.query, own.tab, own.patternOrder], ["a b", "patterns", "risen"]);
  assert.equal(view("fromMs=2000&untilMs=1000").fromMs, nowMs - 3_600_000);
});

test("a condition is added once, and beside all of a choice", () => {
  assert.equal(withTerm("", "host:web1"), "host:web1");
  assert.equal(withTerm("refused", "host:web1"), "refused host:web1");
  assert.equal(withTerm("refused host:web1", "host:web1"), "refused host:web1");
  assert.equal(withTerm("a OR b", "host:web1"), "(a OR b) host:web1");
});
