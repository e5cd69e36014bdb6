import assert from "node:assert/strict";
import { test } from "node:test";
import type { ScheduledCheck } from "@mycloud/protocol/agent";
import fc from "fast-check";
import type { Admission } from "./admission.ts";
import { firstRunWithinMs, keyOf, nextOnGrid, splayMs } from "./grid.ts";
import { countRunning, finish, nextWake, reconcile, requestNow, type Schedule, takeDue } from "./schedule.ts";

function check(serviceId: number, overrides: Partial<ScheduledCheck> = {}): ScheduledCheck {
  return {
    serviceId,
    serviceName: `service ${serviceId}`,
    command: "load",
    arguments: [],
    checkIntervalSeconds: 60,
    retryIntervalSeconds: 15,
    maxCheckAttempts: 3,
    timeoutSeconds: 10,
    ...overrides,
  };
}

const start = 1_700_000_000_000;

/** Plays a schedule in virtual time: every run takes `durationMs(serviceId)` and ends with `isOk(serviceId, n)`. */
function simulate(options: {
  checks: readonly ScheduledCheck[];
  concurrency: number;
  forMs: number;
  durationMs: (serviceId: number, run: number) => number;
  isOk: (serviceId: number, run: number) => boolean;
  change?: { atMs: number; checks: readonly ScheduledCheck[] };
}) {
  let schedule: Schedule = reconcile(new Map(), options.checks, start);
  let now = start;
  let change = options.change;
  const running = new Map<number, { endsAt: number; startedAtMs: number; isOk: boolean }>();
  const runs: { serviceId: number; plannedAtMs: number; startedAtMs: number; endsAt: number }[] = [];
  let mostRunning = 0;
  let overlaps = 0;
  const counts = new Map<number, number>();
  for (let step = 0; step < 20_000 && now <= start + options.forMs; step++) {
    if (change && now >= change.atMs) {
      schedule = reconcile(schedule, change.checks, now);
      change = undefined;
    }
    const due = takeDue(schedule, now, options.concurrency);
    schedule = due.schedule;
    for (const { check: started, plannedAtMs } of due.starts) {
      const serviceId = keyOf(started);
      if (running.has(serviceId)) overlaps++;
      const run = counts.get(serviceId) ?? 0;
      counts.set(serviceId, run + 1);
      const endsAt = now + options.durationMs(serviceId, run);
      running.set(serviceId, { endsAt, startedAtMs: now, isOk: options.isOk(serviceId, run) });
      runs.push({ serviceId, plannedAtMs, startedAtMs: now, endsAt });
    }
    mostRunning = Math.max(mostRunning, running.size);
    assert.equal(countRunning(schedule), running.size);
    const times = [...running.values()].map((run) => run.endsAt);
    const wake = nextWake(schedule, options.concurrency);
    if (wake !== undefined) times.push(wake);
    if (change) times.push(change.atMs);
    if (times.length === 0) break;
    now = Math.max(now, Math.min(...times));
    for (const [serviceId, run] of running) {
      if (run.endsAt > now) continue;
      running.delete(serviceId);
      schedule = finish(schedule, serviceId, run, now);
    }
  }
  return { schedule, runs, mostRunning, overlaps };
}

const checksArbitrary = fc.uniqueArray(
  fc.record({
    serviceId: fc.integer({ min: 1, max: 100_000 }),
    checkIntervalSeconds: fc.integer({ min: 5, max: 120 }),
    retryIntervalSeconds: fc.integer({ min: 5, max: 60 }),
    maxCheckAttempts: fc.integer({ min: 1, max: 4 }),
  }),
  { minLength: 1, maxLength: 12, selector: (entry) => entry.serviceId },
);

test("no check overlaps itself and concurrency is never exceeded, however long runs take", () => {
  fc.assert(
    fc.property(
      checksArbitrary,
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.integer({ min: 0, max: 200_000 }), { minLength: 1, maxLength: 20 }),
      fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
      (entries, concurrency, durations, outcomes) => {
        const { overlaps, mostRunning } = simulate({
          checks: entries.map((entry) => check(entry.serviceId, entry)),
          concurrency,
          forMs: 600_000,
          durationMs: (id, run) => durations[(id + run) % durations.length]!,
          isOk: (id, run) => outcomes[(id + run) % outcomes.length]!,
        });
        assert.equal(overlaps, 0);
        assert.ok(mostRunning <= concurrency, `${mostRunning} at once`);
      },
    ),
    { numRuns: 150 },
  );
});

test("runs of healthy checks stay on the grid: nothing drifts, whatever they take", () => {
  fc.assert(
    fc.property(
      checksArbitrary,
      fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1 }),
      (entries, durations) => {
        const checks = entries.map((entry) => check(entry.serviceId, entry));
        const { runs } = simulate({
          checks,
          concurrency: 100,
          forMs: 900_000,
          durationMs: (id, run) => durations[(id + run) % durations.length]!,
          isOk: () => true,
        });
        for (const { checkIntervalSeconds, ...check } of checks) {
          const serviceId = keyOf(check);
          const interval = checkIntervalSeconds * 1000;
          const mine = runs.filter((run) => run.serviceId === serviceId);
          assert.ok(mine.length > 0);
          assert.ok(mine[0]!.plannedAtMs < start + firstRunWithinMs);
          for (const run of mine.slice(1)) {
            assert.equal((run.plannedAtMs - splayMs(serviceId, interval)) % interval, 0);
            assert.equal(run.startedAtMs, run.plannedAtMs);
          }
        }
      },
    ),
    { numRuns: 100 },
  );
});

test("every planned instant is either run or counted as skipped", () => {
  const slow = check(1, { checkIntervalSeconds: 10 });
  const { runs, schedule } = simulate({
    checks: [slow],
    concurrency: 1,
    forMs: 300_000,
    durationMs: () => 25_000,
    isOk: () => true,
  });
  assert.ok(runs.length >= 9);
  const gaps = runs.slice(1).map((run, index) => (run.plannedAtMs - runs[index]!.plannedAtMs) / 10_000);
  assert.ok(
    gaps.slice(1).every((gap) => gap === 3),
    gaps.join(),
  );
  assert.ok(schedule.get(1)!.skipped >= 2 * (runs.length - 2));
});

test("a SOFT problem is retried at the retry interval, a HARD one at the check interval", () => {
  const { runs } = simulate({
    checks: [check(5, { maxCheckAttempts: 3 })],
    concurrency: 1,
    forMs: 400_000,
    durationMs: () => 2000,
    isOk: () => false,
  });
  const gaps = runs.slice(1).map((run, index) => run.plannedAtMs - runs[index]!.plannedAtMs);
  assert.deepEqual(gaps.slice(0, 2), [15_000, 15_000]);
  assert.ok(gaps[2]! <= 60_000, "back on the grid");
  assert.ok(
    gaps.slice(3).every((gap) => gap === 60_000),
    gaps.join(),
  );
});

test("a recovery ends the retries", () => {
  const { runs } = simulate({
    checks: [check(5)],
    concurrency: 1,
    forMs: 300_000,
    durationMs: () => 100,
    isOk: (_, run) => run !== 1,
  });
  const gaps = runs.slice(1).map((run, index) => run.plannedAtMs - runs[index]!.plannedAtMs);
  assert.equal(gaps[1], 15_000);
  assert.ok(
    gaps.slice(3).every((gap) => gap === 60_000),
    gaps.join(),
  );
});

test("a configuration change keeps the next run of untouched checks", () => {
  const before = reconcile(new Map(), [check(1), check(2), check(3)], start);
  const after = reconcile(before, [check(1), check(2, { arguments: ["-w", "5"] }), check(4)], start + 1000);
  assert.equal(after.get(1)?.plannedAtMs, before.get(1)?.plannedAtMs);
  assert.equal(after.get(2)?.plannedAtMs, before.get(2)?.plannedAtMs);
  assert.deepEqual(after.get(2)?.check.arguments, ["-w", "5"]);
  assert.equal(after.has(3), false);
  assert.ok(after.get(4)!.plannedAtMs < start + 1000 + firstRunWithinMs);
});

test("a run that a period put off for days comes back when the configuration changes, others are not moved", () => {
  const slow = check(2, { retryIntervalSeconds: 600 });
  let schedule = reconcile(new Map(), [check(1), slow], start);
  const closed: Admission = ({ serviceId }, atMs) => (serviceId === 1 ? atMs + 3 * 86_400_000 : atMs);
  schedule = takeDue(schedule, start + 10_000, 4, closed).schedule;
  assert.ok(schedule.get(1)!.plannedAtMs > start + 2 * 86_400_000);
  schedule = finish(schedule, 2, { isOk: false, startedAtMs: start + 10_000 }, start + 10_100);
  const before = schedule.get(2)!.plannedAtMs;
  schedule = reconcile(schedule, [check(1), slow], start + 11_000);
  assert.ok(schedule.get(1)!.plannedAtMs <= start + 11_000 + 60_000);
  assert.equal(schedule.get(2)!.plannedAtMs, before);
});

test("a shorter interval takes effect at once", () => {
  let schedule = reconcile(new Map(), [check(1, { checkIntervalSeconds: 86_400 })], start);
  schedule = takeDue(schedule, start + 10_000, 4).schedule;
  schedule = finish(schedule, 1, { isOk: true, startedAtMs: start + 10_000 }, start + 10_100);
  schedule = reconcile(schedule, [check(1, { checkIntervalSeconds: 30 })], start + 11_000);
  assert.ok(schedule.get(1)!.plannedAtMs <= start + 41_000);
});

test("a check removed while it runs keeps its place until it ends, and can come back meanwhile", () => {
  let schedule = reconcile(new Map(), [check(1)], start);
  schedule = takeDue(schedule, start + 10_000, 4).schedule;
  const removed = reconcile(schedule, [], start + 10_001);
  assert.equal(countRunning(removed), 1);
  assert.equal(finish(removed, 1, { isOk: true, startedAtMs: start + 10_000 }, start + 10_002).size, 0);
  const returned = reconcile(removed, [check(1)], start + 10_002);
  assert.equal(takeDue(returned, start + 100_000, 4).starts.length, 0);
});

test("check-now makes a check due at once, and one that is running runs again", () => {
  let schedule = requestNow(reconcile(new Map(), [check(1)], start), [1, 99], start);
  const due = takeDue(schedule, start, 4);
  assert.deepEqual(
    due.starts.map((begun) => begun.check.serviceId),
    [1],
  );
  schedule = requestNow(due.schedule, [1], start + 5);
  schedule = finish(schedule, 1, { isOk: true, startedAtMs: start }, start + 10);
  assert.equal(takeDue(schedule, start + 10, 4).starts.length, 1);
});

test("services spread evenly over the interval, and always in the same place", () => {
  const buckets = new Array<number>(10).fill(0);
  for (let id = 1; id <= 10_000; id++) buckets[Math.floor(splayMs(id, 60_000) / 6000)]!++;
  assert.ok(Math.min(...buckets) > 900 && Math.max(...buckets) < 1100, buckets.join());
  assert.equal(splayMs(42, 60_000), splayMs(42, 60_000));
  assert.ok(nextOnGrid(check(42), start) > start);
});
