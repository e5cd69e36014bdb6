import assert from "node:assert/strict";
import { test } from "node:test";
import type { AvailabilityFigures } from "@mycloud/protocol/availability";
import fc from "fast-check";
import { addFigures } from "./add-up.ts";
import type { HistoryEvent, ObjectPast } from "./build-history.ts";
import { type Circumstances, measureObject } from "./measure-object.ts";

const plain: Circumstances = { downtimes: [], outages: [], period: null, isSoftCounted: false };
const past = (more: Partial<ObjectPast> = {}): ObjectPast => ({
  kind: "service",
  createdAtMs: 0,
  firstCheckedAtMs: 0,
  gaps: [],
  before: null,
  hardBefore: null,
  first: null,
  events: [],
  present: { state: "OK", hard: "OK" },
  ...more,
});
const event = (id: number, atMs: number, fromState: string, toState: string, more: Partial<HistoryEvent> = {}) => ({
  id,
  atMs,
  kind: "state" as const,
  fromState,
  toState,
  isHard: true,
  ...more,
});

/** What a reader of the database makes of a whole history for one range. */
function pastIn(
  all: readonly HistoryEvent[],
  fromMs: number,
  untilMs: number,
  more: Partial<ObjectPast> = {},
): ObjectPast {
  const highest = (events: readonly HistoryEvent[]) => events.toSorted((a, b) => b.id - a.id)[0] ?? null;
  const earlier = all.filter(({ atMs }) => atMs <= fromMs);
  const isBelieved = ({ kind, isHard, fromState, toState }: HistoryEvent) =>
    kind !== "stale-start" && (isHard || toState === "OK" || fromState === "PENDING");
  return past({
    before: highest(earlier),
    hardBefore: highest(earlier.filter(isBelieved)),
    first: all.filter(({ atMs }) => atMs > fromMs).toSorted((a, b) => a.id - b.id)[0] ?? null,
    events: all.filter(({ atMs }) => atMs > fromMs && atMs < untilMs),
    ...more,
  });
}

const durations = ({ states }: AvailabilityFigures) =>
  Object.fromEntries(Object.entries(states).map(([state, share]) => [state, share.durationMs]));

test("an object without history was all the time what it is now", () => {
  const { figures } = measureObject(past(), plain, 100, 200);
  assert.deepEqual(durations(figures), { OK: 100 });
  assert.equal(figures.ratios.plain, 1);
});

test("what was before the range tells its beginning, and what comes first after it when nothing was", () => {
  const events = [event(1, 50, "OK", "CRITICAL"), event(2, 150, "CRITICAL", "OK")];
  assert.deepEqual(durations(measureObject(pastIn(events, 100, 200), plain, 100, 200).figures), {
    CRITICAL: 50,
    OK: 50,
  });
  const later = [event(1, 500, "WARNING", "OK")];
  assert.deepEqual(durations(measureObject(pastIn(later, 100, 200), plain, 100, 200).figures), { WARNING: 100 });
});

test("time before an object was created is no share, and time before its first result is blind", () => {
  const { figures } = measureObject(past({ createdAtMs: 120, firstCheckedAtMs: 150 }), plain, 100, 200);
  assert.deepEqual(durations(figures), { PENDING: 30, OK: 50 });
  assert.equal(figures.notExistingMs, 20);
  assert.equal(figures.ratios.plain, 50 / 80);
  assert.equal(figures.ratios.ofKnown, 1);
});

test("stale time and outages of the control plane are never OK", () => {
  const events = [
    event(1, 120, "OK", "STALE", { kind: "stale-start" }),
    event(2, 140, "STALE", "OK", { kind: "stale-stop" }),
  ];
  const outages = [{ fromMs: 180, untilMs: 300 }];
  const { figures } = measureObject(pastIn(events, 100, 200), { ...plain, outages }, 100, 200);
  assert.deepEqual(durations(figures), { OK: 60, STALE: 20, OUTAGE: 20 });
  assert.equal(figures.blindMs, 40);
  assert.equal(figures.ratios.downtimeAsOk, 0.6);
});

test("results that come late replace the silence they belong to", () => {
  const events = [
    event(1, 150, "OK", "STALE", { kind: "stale-start" }),
    event(2, 120, "STALE", "CRITICAL", { kind: "stale-stop" }),
    event(3, 120, "OK", "CRITICAL"),
    event(4, 160, "CRITICAL", "OK"),
  ];
  assert.deepEqual(durations(measureObject(pastIn(events, 100, 200), plain, 100, 200).figures), {
    OK: 60,
    CRITICAL: 40,
  });
});

test("a SOFT problem counts only when asked, and a HARD one from when it is HARD", () => {
  const events = [
    event(1, 120, "OK", "CRITICAL", { isHard: false }),
    event(2, 130, "CRITICAL", "CRITICAL"),
    event(3, 150, "CRITICAL", "OK"),
    event(4, 160, "OK", "WARNING", { isHard: false }),
    event(5, 170, "WARNING", "OK", { isHard: false }),
  ];
  const hard = measureObject(pastIn(events, 100, 200), plain, 100, 200).figures;
  assert.deepEqual(durations(hard), { OK: 80, CRITICAL: 20 });
  const soft = measureObject(pastIn(events, 100, 200), { ...plain, isSoftCounted: true }, 100, 200).figures;
  assert.deepEqual(durations(soft), { OK: 60, CRITICAL: 30, WARNING: 10 });
});

test("a first result that is bad and SOFT is not taken for OK", () => {
  const events = [event(1, 120, "PENDING", "CRITICAL", { isHard: false }), event(2, 150, "CRITICAL", "CRITICAL")];
  const facts = { createdAtMs: 100, firstCheckedAtMs: 120 };
  assert.deepEqual(durations(measureObject(pastIn(events, 100, 200, facts), plain, 100, 200).figures), {
    PENDING: 50,
    CRITICAL: 50,
  });
});

test("a time in which the check was disabled is blind, also when nothing followed", () => {
  const events = [event(1, 110, "OK", "CRITICAL")];
  const closed = { gaps: [{ fromMs: 130, untilMs: 150 }] };
  assert.deepEqual(durations(measureObject(pastIn(events, 100, 200, closed), plain, 100, 200).figures), {
    OK: 60,
    CRITICAL: 20,
    PENDING: 20,
  });
  const open = { gaps: [{ fromMs: 130, untilMs: null }], present: { state: "PENDING", hard: "PENDING" } as const };
  assert.deepEqual(durations(measureObject(past(open), plain, 100, 200).figures), { OK: 30, PENDING: 70 });
});

test("downtime is handled both ways", () => {
  const events = [event(1, 150, "OK", "CRITICAL"), event(2, 180, "CRITICAL", "OK")];
  const downtimes = [
    { fromMs: 140, untilMs: 170 },
    { fromMs: 160, untilMs: 175 },
  ];
  const { figures } = measureObject(pastIn(events, 100, 200), { ...plain, downtimes }, 100, 200);
  assert.deepEqual(figures.states, {
    OK: { durationMs: 70, inDowntimeMs: 10 },
    CRITICAL: { durationMs: 30, inDowntimeMs: 25 },
  });
  assert.equal(figures.ratios.plain, 0.7);
  assert.equal(figures.ratios.downtimeAsOk, 0.95);
  assert.equal(figures.ratios.downtimeExcluded, 60 / 65);
  assert.equal(figures.downtimeMs, 35);
});

test("only times in the period count", () => {
  const events = [event(1, 150, "OK", "CRITICAL")];
  const period = [
    { fromMs: 90, untilMs: 110 },
    { fromMs: 160, untilMs: 170 },
  ];
  const { figures } = measureObject(pastIn(events, 100, 200), { ...plain, period }, 100, 200);
  assert.deepEqual(durations(figures), { OK: 10, CRITICAL: 10 });
  assert.equal(figures.outsidePeriodMs, 80);
});

const anyEvent = (id: number) =>
  fc.record({
    id: fc.constant(id),
    atMs: fc.integer({ min: -20, max: 220 }),
    kind: fc.constantFrom("state" as const, "stale-start" as const, "stale-stop" as const),
    fromState: fc.constantFrom("OK", "CRITICAL", "STALE", "PENDING"),
    toState: fc.constantFrom("OK", "WARNING", "CRITICAL", "UNKNOWN"),
    isHard: fc.boolean(),
  });
const anyHistory = fc
  .integer({ min: 0, max: 12 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, at) => anyEvent(at + 1))))
  .map(asRecorded);
/** Ids are given in the order of time, what changes was so before, and the first of all is the first result. */
function asRecorded(events: readonly HistoryEvent[]): HistoryEvent[] {
  let state = "PENDING";
  return events
    .toSorted((a, b) => a.atMs - b.atMs)
    .map((event, at) => {
      const kind = at === 0 ? "state" : event.kind;
      const fromState = state;
      state = kind === "stale-start" ? "STALE" : event.toState;
      return { ...event, id: at + 1, kind, fromState };
    });
}
const anySpans = fc.array(
  fc.tuple(fc.integer({ min: -50, max: 250 }), fc.integer({ min: 0, max: 80 })).map(([fromMs, length]) => ({
    fromMs,
    untilMs: fromMs + length,
  })),
  { maxLength: 5 },
);
const anyCircumstances = fc.record({
  downtimes: anySpans,
  outages: anySpans,
  period: fc.option(anySpans),
  isSoftCounted: fc.boolean(),
});
const anyFacts = fc.record({
  createdAtMs: fc.integer({ min: -50, max: 150 }),
  firstCheckedAtMs: fc.option(fc.integer({ min: -50, max: 250 })),
});

test("shares add up to the range, and stretches cover it in order", () => {
  fc.assert(
    fc.property(anyHistory, anyCircumstances, anyFacts, (events, circumstances, facts) => {
      const { figures, stretches } = measureObject(pastIn(events, 0, 200, facts), circumstances, 0, 200);
      const shares = Object.values(durations(figures)).reduce((sum, length) => sum + length, 0);
      assert.equal(shares, figures.countedMs);
      assert.equal(shares + figures.outsidePeriodMs + figures.notExistingMs, 200);
      assert.equal(stretches[0]?.fromMs, 0);
      assert.equal(stretches.at(-1)?.untilMs, 200);
      stretches.slice(1).forEach((stretch, at) => {
        assert.equal(stretch.fromMs, stretches[at]?.untilMs);
      });
      for (const ratio of Object.values(figures.ratios)) assert.ok(ratio === null || (ratio >= 0 && ratio <= 1));
    }),
  );
});

test("the parts of a range add up to the whole", () => {
  fc.assert(
    fc.property(
      anyHistory,
      anyCircumstances,
      anyFacts,
      fc.integer({ min: 1, max: 199 }),
      (events, circumstances, facts, middleMs) => {
        const of = (fromMs: number, untilMs: number) =>
          measureObject(pastIn(events, fromMs, untilMs, facts), circumstances, fromMs, untilMs).figures;
        assert.deepEqual(sorted(addFigures([of(0, middleMs), of(middleMs, 200)])), sorted(of(0, 200)));
      },
    ),
  );
});

function sorted(figures: AvailabilityFigures) {
  return { ...figures, states: Object.fromEntries(Object.entries(figures.states).sort()) };
}

test("time in which nothing is known is never OK, whatever the downtimes", () => {
  fc.assert(
    fc.property(anyHistory, anyCircumstances, (events, circumstances) => {
      const { figures } = measureObject(pastIn(events, 0, 200), circumstances, 0, 200);
      if (figures.countedMs === 0) return;
      assert.ok((figures.ratios.downtimeAsOk ?? 0) * figures.countedMs <= figures.countedMs - figures.blindMs + 1e-6);
    }),
  );
});
