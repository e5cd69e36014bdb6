import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { acceptResult, type Outcome, type StateResult } from "./accept-result.ts";
import type { CheckPolicy } from "./check-policy.ts";
import { markStale } from "./mark-stale.ts";
import { type MonitoredKind, type MonitoredState, PENDING_STATE, shownState } from "./monitored-state.ts";

const kind = fc.constantFrom<MonitoredKind>("host", "service");
const policy: fc.Arbitrary<CheckPolicy> = fc.record({
  maxCheckAttempts: fc.integer({ min: 1, max: 6 }),
  flapping: fc
    .record({ isEnabled: fc.boolean(), a: fc.integer({ min: 0, max: 100 }), b: fc.integer({ min: 0, max: 100 }) })
    .map(({ isEnabled, a, b }) => ({ isEnabled, lowPercent: Math.min(a, b), highPercent: Math.max(a, b) })),
  passiveHostChecksAreSoft: fc.boolean(),
});
const result: fc.Arbitrary<StateResult> = fc.record({
  returnCode: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 3 }) }, fc.integer()),
  checkedAtMs: fc.integer({ min: 0, max: 10_000 }),
  isPassive: fc.boolean(),
  isHostUp: fc.boolean(),
});
type Step = StateResult | "stale";
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof({ weight: 9, arbitrary: result }, { weight: 1, arbitrary: fc.constant("stale" as const) }),
  { maxLength: 60 },
);

function take(of: MonitoredKind, state: MonitoredState, step: Step, under: CheckPolicy): Outcome {
  return step === "stale" ? markStale(of, state, 0, under) : acceptResult(of, state, step, under);
}

/** Runs the steps and hands each one's start and outcome to `judge`. */
function always(
  judge: (of: MonitoredKind, before: MonitoredState, outcome: Outcome, under: CheckPolicy, step: Step) => void,
): void {
  fc.assert(
    fc.property(kind, policy, steps, (of, under, list) => {
      let state = PENDING_STATE;
      for (const step of list) {
        const outcome = take(of, state, step, under);
        judge(of, state, outcome, under, step);
        state = outcome.state;
      }
    }),
    { numRuns: 300 },
  );
}

test("the attempt stays within 1 and max check attempts", () => {
  always((_of, _before, { state, events }, { maxCheckAttempts }) => {
    for (const { attempt } of [state, ...events]) assert.ok(attempt >= 1 && attempt <= maxCheckAttempts);
  });
});

test("what is stored as SOFT reported no HARD event", () => {
  always((_of, _before, { state, events }) => {
    if (!state.isHard && !state.isStale) assert.ok(events.every((event) => !event.isHard));
  });
});

test("a HARD problem always came with a HARD event, or was HARD before", () => {
  always((_of, before, { state, events }) => {
    if (state.state === 0 || !state.isHard || state.isStale) return;
    const wasSame = before.isHard && before.state === state.state;
    assert.ok(wasSame || events.some((event) => event.kind === "state" && event.isHard));
  });
});

test("every event leads to the state that is shown afterwards", () => {
  always((of, before, { state, events }) => {
    for (const event of events) assert.equal(event.toState, shownState(of, state));
    if (shownState(of, before) !== shownState(of, state) && before.hasBeenChecked) assert.notEqual(events.length, 0);
  });
});

test("nothing stale and nothing pending is shown as OK or UP", () => {
  always((of, _before, { state }, _policy, step) => {
    if (step === "stale") assert.equal(shownState(of, state), "STALE");
    else assert.equal(state.isStale, false);
  });
});

test("the percentage of change stays within 0 and 100", () => {
  always((_of, _before, { state }) => {
    assert.ok(state.percentStateChange >= 0 && state.percentStateChange <= 100);
    assert.match(state.flapHistory, /^[0-3]{21}$/);
  });
});

test("flapping starts and stops by turns", () => {
  always((_of, before, { state, events }) => {
    const turns = events.filter((event) => event.kind.startsWith("flapping")).map((event) => event.kind);
    const expected =
      before.isFlapping === state.isFlapping ? [] : [state.isFlapping ? "flapping-start" : "flapping-stop"];
    assert.deepEqual(turns, expected);
  });
});

test("as many equal problems as max check attempts are HARD", () => {
  fc.assert(
    fc.property(kind, policy, steps, fc.boolean(), (of, under, list, isPassive) => {
      let state = list.reduce((before, step) => take(of, before, step, under).state, PENDING_STATE);
      for (let i = 0; i < under.maxCheckAttempts; i++) {
        state = acceptResult(of, state, { returnCode: 2, checkedAtMs: 1, isPassive }, under).state;
      }
      assert.equal(state.isHard, true);
      assert.notEqual(state.state, 0);
    }),
  );
});

test("two OK results always lead to OK HARD 1", () => {
  fc.assert(
    fc.property(kind, policy, steps, (of, under, list) => {
      let state = list.reduce((before, step) => take(of, before, step, under).state, PENDING_STATE);
      for (let i = 0; i < 2; i++)
        state = acceptResult(of, state, { returnCode: 0, checkedAtMs: 1, isPassive: true }, under).state;
      assert.deepEqual([state.state, state.isHard, state.attempt, state.lastHardState], [0, true, 1, 0]);
    }),
  );
});

test("the same steps give the same outcome, also when the state was stored in between", () => {
  fc.assert(
    fc.property(kind, policy, steps, (of, under, list) => {
      let kept = PENDING_STATE;
      let stored: MonitoredState = JSON.parse(JSON.stringify(PENDING_STATE));
      for (const step of list) {
        const outcome = take(of, kept, step, under);
        assert.deepEqual(take(of, stored, step, under), outcome);
        kept = outcome.state;
        stored = JSON.parse(JSON.stringify(outcome.state));
      }
    }),
  );
});

test("a state handed in is never altered", () => {
  always((of, before, _outcome, under, step) => {
    const frozen = Object.freeze({ ...before });
    take(of, frozen, step, under);
    assert.deepEqual(frozen, before);
  });
});
