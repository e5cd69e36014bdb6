import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { buildStrip, type HistoryEntry, type StripWindow, shareByState } from "./build-strip.ts";

const change = (atMs: number, fromState: string, toState: string, more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  atMs,
  kind: "state",
  fromState,
  toState,
  stateType: "HARD",
  output: `${toState} at ${atMs}`,
  ...more,
});
const window = (more: Partial<StripWindow> = {}): StripWindow => ({
  fromMs: 100,
  untilMs: 200,
  state: "OK",
  stateType: "HARD",
  output: "",
  knownSinceMs: 0,
  ...more,
});
const shape = (segments: ReturnType<typeof buildStrip>) =>
  segments.map((segment) => [segment.fromMs, segment.untilMs, segment.state]);

test("without changes the present state fills the window", () => {
  assert.deepEqual(shape(buildStrip([], window({ state: "WARNING" }))), [[100, 200, "WARNING"]]);
});

test("changes cut the window, and the first tells what held before", () => {
  const strip = buildStrip([change(150, "OK", "CRITICAL"), change(170, "CRITICAL", "OK")], window());
  assert.deepEqual(shape(strip), [
    [100, 150, "OK"],
    [150, 170, "CRITICAL"],
    [170, 200, "OK"],
  ]);
});

test("a change before the window tells what held at its start", () => {
  assert.deepEqual(shape(buildStrip([change(50, "OK", "UNKNOWN")], window())), [[100, 200, "UNKNOWN"]]);
});

test("stale time is a state of its own", () => {
  const strip = buildStrip(
    [change(120, "OK", "OK", { kind: "stale-start" }), change(180, "STALE", "OK", { kind: "stale-stop" })],
    window(),
  );
  assert.deepEqual(shape(strip), [
    [100, 120, "OK"],
    [120, 180, "STALE"],
    [180, 200, "OK"],
  ]);
});

test("the time before the object was known is empty", () => {
  assert.deepEqual(shape(buildStrip([], window({ knownSinceMs: 130 }))), [
    [100, 130, null],
    [130, 200, "OK"],
  ]);
});

test("flapping entries do not cut the strip", () => {
  const strip = buildStrip([change(150, "OK", "OK", { kind: "flapping-start" })], window());
  assert.deepEqual(shape(strip), [[100, 200, "OK"]]);
});

test("shares leave out what nobody knows", () => {
  const strip = buildStrip([change(175, "OK", "CRITICAL")], window({ knownSinceMs: 150 }));
  assert.deepEqual(Object.fromEntries(shareByState(strip)), { OK: 0.5, CRITICAL: 0.5 });
});

test("segments always cover the window exactly, in order", () => {
  const entry = fc.record({
    atMs: fc.integer({ min: 0, max: 300 }),
    kind: fc.constantFrom("state", "stale-start", "stale-stop", "flapping-start") as fc.Arbitrary<HistoryEntry["kind"]>,
    fromState: fc.constantFrom("OK", "CRITICAL"),
    toState: fc.constantFrom("OK", "CRITICAL", "UNKNOWN"),
    stateType: fc.constantFrom("SOFT", "HARD") as fc.Arbitrary<"SOFT" | "HARD">,
    output: fc.constant(""),
  });
  fc.assert(
    fc.property(fc.array(entry), fc.integer({ min: 0, max: 300 }), (entries, knownSinceMs) => {
      const strip = buildStrip(entries, window({ knownSinceMs }));
      assert.equal(strip[0]?.fromMs, 100);
      assert.equal(strip.at(-1)?.untilMs, 200);
      strip.slice(1).forEach((segment, index) => {
        assert.equal(segment.fromMs, strip[index]?.untilMs);
      });
    }),
  );
});
