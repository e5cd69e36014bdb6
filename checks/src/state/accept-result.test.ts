import assert from "node:assert/strict";
import test from "node:test";
import { acceptResult } from "./accept-result.ts";
import { type CheckPolicy, DEFAULT_FLAPPING } from "./check-policy.ts";
import { markStale } from "./mark-stale.ts";
import { type MonitoredKind, type MonitoredState, PENDING_STATE, shownState } from "./monitored-state.ts";
import type { StateEvent } from "./state-event.ts";

/** `CRITICAL SOFT 1`, as a line of nagios' log names a state. */
function line(event: StateEvent): string {
  return event.kind === "state" ? `${event.toState} ${event.isHard ? "HARD" : "SOFT"} ${event.attempt}` : event.kind;
}

function policyOf(maxCheckAttempts: number, more: Partial<CheckPolicy> = {}): CheckPolicy {
  return { maxCheckAttempts, flapping: { ...DEFAULT_FLAPPING, isEnabled: false }, ...more };
}

interface Run {
  state: MonitoredState;
  /** Events per result, joined by a comma; "-" where nothing happened. */
  lines: string[];
}

function run(
  kind: MonitoredKind,
  codes: number[],
  policy: CheckPolicy,
  more: { isPassive?: boolean; isHostUp?: boolean } = {},
): Run {
  let state = PENDING_STATE;
  const lines = codes.map((returnCode, index) => {
    const outcome = acceptResult(
      kind,
      state,
      { returnCode, checkedAtMs: 1000 * (index + 1), isPassive: true, ...more },
      policy,
    );
    state = outcome.state;
    return outcome.events.map(line).join(",") || "-";
  });
  return { state, lines };
}

const sequences: [name: string, kind: MonitoredKind, max: number, codes: number[], lines: string[]][] = [
  [
    "the sequence measured on nagios4",
    "service",
    3,
    [2, 2, 0, 2, 2, 2, 2, 1, 0],
    [
      "CRITICAL SOFT 1",
      "CRITICAL SOFT 2",
      "OK SOFT 3",
      "CRITICAL SOFT 1",
      "CRITICAL SOFT 2",
      "CRITICAL HARD 3",
      "-",
      "WARNING HARD 3",
      "OK HARD 3",
    ],
  ],
  [
    "one attempt is HARD at once",
    "service",
    1,
    [0, 2, 2, 3, 0, 1],
    ["-", "CRITICAL HARD 1", "-", "UNKNOWN HARD 1", "OK HARD 1", "WARNING HARD 1"],
  ],
  [
    "attempts count on through different problems",
    "service",
    3,
    [1, 2, 3, 3],
    ["WARNING SOFT 1", "CRITICAL SOFT 2", "UNKNOWN HARD 3", "-"],
  ],
  [
    "a passive host is HARD at once",
    "host",
    3,
    [0, 1, 1, 2, 0, 2],
    ["-", "DOWN HARD 1", "-", "UNREACHABLE HARD 1", "UP HARD 1", "UNREACHABLE HARD 1"],
  ],
];

for (const [name, kind, max, codes, lines] of sequences) {
  test(name, () => assert.deepEqual(run(kind, codes, policyOf(max)).lines, lines));
}

test("an active host result counts attempts, and WARNING of its plugin still means UP", () => {
  const { lines } = run("host", [1, 2, 2, 2, 2, 0, 3, 0], policyOf(3), { isPassive: false });
  assert.deepEqual(lines, [
    "-",
    "DOWN SOFT 1",
    "DOWN SOFT 2",
    "DOWN HARD 3",
    "-",
    "UP HARD 1",
    "DOWN SOFT 1",
    "UP SOFT 1",
  ]);
});

test("a passive host result makes an active SOFT problem HARD, and says so", () => {
  const { state } = run("host", [2], policyOf(3), { isPassive: false });
  const { events } = acceptResult("host", state, { returnCode: 1, checkedAtMs: 9, isPassive: true }, policyOf(3));
  assert.deepEqual(events.map(line), ["DOWN HARD 1"]);
});

test("an active host result goes on from a HARD problem that a passive one made", () => {
  const { state } = run("host", [2], policyOf(3));
  const { events } = acceptResult("host", state, { returnCode: 2, checkedAtMs: 9, isPassive: false }, policyOf(3));
  assert.deepEqual(events.map(line), ["DOWN HARD 3"]);
});

test("a service that is not yet believed starts anew when its host comes back", () => {
  const policy = policyOf(5);
  let state = PENDING_STATE;
  const steps = [
    [3, false],
    [1, true],
    [3, true],
    [3, false],
    [3, true],
    [0, true],
  ] as const;
  const lines = steps.map(([returnCode, isHostUp]) => {
    const outcome = acceptResult("service", state, { returnCode, checkedAtMs: 1, isPassive: true, isHostUp }, policy);
    state = outcome.state;
    return outcome.events.map(line).join();
  });
  // Seen on nagios4.
  const seen = ["UNKNOWN HARD 1", "WARNING SOFT 1", "UNKNOWN SOFT 2", "UNKNOWN SOFT 3", "UNKNOWN SOFT 2", "OK SOFT 3"];
  assert.deepEqual(lines, seen);
});

test("passive host results count attempts where the policy makes them soft", () => {
  const { lines } = run("host", [1, 1, 0, 0, 1, 1, 1], policyOf(3, { passiveHostChecksAreSoft: true }));
  assert.deepEqual(lines, [
    "DOWN SOFT 1",
    "DOWN SOFT 2",
    "UP SOFT 1",
    "-",
    "DOWN SOFT 1",
    "DOWN SOFT 2",
    "DOWN HARD 3",
  ]);
});

test("a service whose host is not UP is HARD at once", () => {
  assert.deepEqual(run("service", [2, 2, 1, 0], policyOf(3), { isHostUp: false }).lines, [
    "CRITICAL HARD 1",
    "-",
    "WARNING HARD 3",
    "OK HARD 3",
  ]);
});

test("a service rests in OK HARD 1 after a soft recovery", () => {
  const { state } = run("service", [0, 2, 0], policyOf(3));
  assert.deepEqual([state.state, state.isHard, state.attempt, state.lastHardState], [0, true, 1, 0]);
});

test("a service that was never heard of is PENDING, and its first OK is no event", () => {
  assert.equal(shownState("service", PENDING_STATE), "PENDING");
  const { state, lines } = run("service", [0], policyOf(3));
  assert.deepEqual(lines, ["-"]);
  assert.equal(shownState("service", state), "OK");
  assert.equal(state.lastStateChangeAtMs, 1000);
});

test("the first problem of a PENDING service names PENDING as where it came from", () => {
  const { events } = acceptResult(
    "service",
    PENDING_STATE,
    { returnCode: 2, checkedAtMs: 5, isPassive: true },
    policyOf(1),
  );
  assert.deepEqual(events, [
    {
      kind: "state",
      fromState: "PENDING",
      toState: "CRITICAL",
      isHard: true,
      attempt: 1,
      maxCheckAttempts: 1,
      isRecovery: false,
      percentStateChange: 6.25,
      atMs: 5,
    },
  ]);
});

test("times tell the last result, the last OK and the last change", () => {
  const { state } = run("service", [0, 0, 2, 2, 2], policyOf(2));
  assert.deepEqual(
    [state.lastCheckAtMs, state.lastOkAtMs, state.lastStateChangeAtMs, state.lastHardStateChangeAtMs],
    [5000, 2000, 3000, 4000],
  );
});

test("fewer max check attempts than have already run make the next problem HARD", () => {
  const { state } = run("service", [2, 2, 2, 2], policyOf(10));
  const { state: next, events } = acceptResult(
    "service",
    state,
    { returnCode: 2, checkedAtMs: 9, isPassive: true },
    policyOf(3),
  );
  assert.deepEqual(events.map(line), ["CRITICAL HARD 3"]);
  assert.equal(next.attempt, 3);
});

test("a stale object is never green, says so once, and the next result ends it", () => {
  const policy = policyOf(1);
  for (const [kind, ok] of [
    ["service", "OK"],
    ["host", "UP"],
  ] as const) {
    const { state } = run(kind, [0], policy);
    const stale = markStale(kind, state, 60_000, policy);
    assert.equal(shownState(kind, stale.state), "STALE");
    assert.deepEqual(
      stale.events.map((event) => [event.kind, event.fromState, event.toState, event.atMs]),
      [["stale-start", ok, "STALE", 60_000]],
    );
    assert.deepEqual(markStale(kind, stale.state, 61_000, policy).events, []);

    const back = acceptResult(kind, stale.state, { returnCode: 0, checkedAtMs: 62_000, isPassive: true }, policy);
    assert.deepEqual(
      back.events.map((event) => [event.kind, event.fromState, event.toState]),
      [["stale-stop", "STALE", ok]],
    );
    assert.equal(shownState(kind, back.state), ok);
  }
});

test("a stale CRITICAL that comes back CRITICAL is the same problem", () => {
  const policy = policyOf(1);
  const { state } = run("service", [2], policy);
  const stale = markStale("service", state, 60_000, policy).state;
  const same = acceptResult("service", stale, { returnCode: 2, checkedAtMs: 61_000, isPassive: true }, policy);
  assert.deepEqual(
    same.events.map((event) => event.kind),
    ["stale-stop"],
  );
  const better = acceptResult("service", stale, { returnCode: 0, checkedAtMs: 61_000, isPassive: true }, policy);
  assert.deepEqual(
    better.events.map((event) => [event.kind, event.fromState, event.isRecovery]),
    [
      ["stale-stop", "STALE", false],
      ["state", "CRITICAL", true],
    ],
  );
});

test("a PENDING object that never reports becomes STALE", () => {
  const stale = markStale("service", PENDING_STATE, 1, policyOf(1));
  assert.equal(stale.events[0]?.fromState, "PENDING");
  assert.equal(shownState("service", stale.state), "STALE");
});

test("flapping starts at the high threshold and stops at the low one", () => {
  const flipping = [2, 0, 2, 0, 2, 0, ...Array<number>(20).fill(0)];
  const { lines, state } = run("service", flipping, policyOf(1, { flapping: DEFAULT_FLAPPING }));
  assert.equal(
    lines.findIndex((text) => text.startsWith("flapping-start")),
    5,
  );
  assert.equal(lines.filter((text) => text.includes("flapping")).length, 2);
  assert.ok(lines.includes("flapping-stop"));
  assert.equal(state.isFlapping, false);
});

test("SOFT problems of a service do not count for flapping", () => {
  const { state } = run("service", [0, 2, 2, 0, 2, 2, 0, 2, 0], policyOf(3));
  assert.equal(state.percentStateChange, 0);
});

test("flapping that was switched off ends with the next result", () => {
  const { state } = run("service", [2, 0, 2, 0, 2, 0, 2], policyOf(1, { flapping: DEFAULT_FLAPPING }));
  assert.equal(state.isFlapping, true);
  const { events } = acceptResult("service", state, { returnCode: 2, checkedAtMs: 9, isPassive: true }, policyOf(1));
  assert.deepEqual(events.map(line), ["flapping-stop"]);
});
