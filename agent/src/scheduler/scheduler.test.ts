import assert from "node:assert/strict";
import { test } from "node:test";
import type { ScheduledCheck } from "@mycloud/protocol/agent";
import { keyOf } from "./grid.ts";
import { createScheduler } from "./scheduler.ts";

const check: ScheduledCheck = {
  serviceId: 1,
  serviceName: "load",
  command: "load",
  arguments: [],
  checkIntervalSeconds: 3600,
  retryIntervalSeconds: 60,
  maxCheckAttempts: 3,
  timeoutSeconds: 10,
};

test("check-now runs the check and resolves when it has run, with how many were known", async () => {
  const ran: number[] = [];
  const scheduler = createScheduler({
    now: () => performance.now(),
    concurrency: 2,
    run: async (start) => {
      ran.push(keyOf(start.check));
      return { isOk: true };
    },
  });
  scheduler.configure([check]);
  assert.equal(await scheduler.checkNow([1, 77]), 1);
  assert.deepEqual(ran, [1]);
  await scheduler.stop();
});

test("stop aborts a running check, waits for it, and starts nothing more", async () => {
  const events: string[] = [];
  const scheduler = createScheduler({
    now: () => performance.now(),
    concurrency: 1,
    run: (start, _, signal) => {
      events.push(`started ${start.check.serviceId}`);
      return new Promise((resolve) => {
        signal.addEventListener("abort", () => {
          events.push("aborted");
          resolve({ isOk: false });
        });
      });
    },
  });
  scheduler.configure([check, { ...check, serviceId: 2 }]);
  const asked = scheduler.checkNow([1]);
  await scheduler.stop();
  await asked;
  assert.deepEqual(events, ["started 1", "aborted"]);
});

test("a run that throws does not end the schedule", async () => {
  const scheduler = createScheduler({
    now: () => performance.now(),
    concurrency: 1,
    run: () => Promise.reject(new Error("boom")),
  });
  scheduler.configure([check]);
  assert.equal(await scheduler.checkNow([1]), 1);
  assert.equal(await scheduler.checkNow([1]), 1);
  await scheduler.stop();
});
