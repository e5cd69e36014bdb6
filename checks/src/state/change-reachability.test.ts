import assert from "node:assert/strict";
import test from "node:test";
import { acceptResult } from "./accept-result.ts";
import { changeReachability } from "./change-reachability.ts";
import { DEFAULT_FLAPPING } from "./check-policy.ts";
import { markStale } from "./mark-stale.ts";
import { type MonitoredState, PENDING_STATE } from "./monitored-state.ts";

const policy = { maxCheckAttempts: 3, flapping: DEFAULT_FLAPPING };
const down = { returnCode: 2, checkedAtMs: 1, isPassive: false };

function after(results: readonly { returnCode: number; isPassive: boolean; isReachable?: boolean }[]): MonitoredState {
  return results.reduce<MonitoredState>(
    (state, result) => acceptResult("host", state, { checkedAtMs: 1, ...result }, policy).state,
    PENDING_STATE,
  );
}

test("a host found DOWN while no parent is UP is UNREACHABLE", () => {
  assert.equal(after([{ ...down, isReachable: false }]).state, 2);
  assert.equal(after([{ ...down, isReachable: true }]).state, 1);
  assert.equal(after([{ ...down, returnCode: 0, isReachable: false }]).state, 0);
});

test("attempts go on while DOWN turns UNREACHABLE and back, as in nagios", () => {
  const state = after([{ ...down }, { ...down, isReachable: false }, { ...down }]);
  assert.deepEqual([state.state, state.isHard, state.attempt], [1, true, 3]);
});

test("a parent's change renames a problem without moving its attempt", () => {
  const soft = after([down]);
  const { state, events } = changeReachability(soft, false, 9, policy);
  assert.deepEqual([state.state, state.isHard, state.attempt, state.lastHardState], [2, false, 1, 0]);
  assert.deepEqual(
    events.map(({ fromState, toState, isHard }) => [fromState, toState, isHard]),
    [["DOWN", "UNREACHABLE", false]],
  );
  const hard = after([down, down, down]);
  const renamed = changeReachability(hard, false, 9, policy).state;
  assert.deepEqual(
    [renamed.state, renamed.isHard, renamed.lastHardState, renamed.lastHardStateChangeAtMs],
    [2, true, 2, 9],
  );
  assert.equal(changeReachability(renamed, true, 10, policy).state.state, 1);
});

test("a parent's change leaves alone what is UP, stale, or named right already", () => {
  const stale = markStale("host", after([down]), 1, policy).state;
  for (const state of [
    PENDING_STATE,
    after([{ ...down, returnCode: 0 }]),
    stale,
    after([{ ...down, isReachable: false }]),
  ]) {
    assert.deepEqual(changeReachability(state, false, 9, policy), { state, events: [] });
  }
});
