import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { createKeyedMutex, createRequestRate, createSlots, createTokenBucket, watchPace } from "./index.ts";

test("bytes pass no faster than the rate, beyond a quarter of a second", async () => {
  const bucket = createTokenBucket(100_000, () => performance.now());
  const startedMs = performance.now();
  for (let count = 0; count < 5; count++) await bucket.take(10_000);
  const elapsedMs = performance.now() - startedMs;
  assert.ok(elapsedMs >= 240 && elapsedMs < 1_000, `${elapsedMs} ms`);
});

test("without a rate nothing waits", async () => {
  await createTokenBucket(0, () => 0).take(Number.MAX_SAFE_INTEGER);
});

test("a client may burst, then has to keep to its rate; another is not concerned", () => {
  let nowMs = 0;
  const rate = createRequestRate(10, () => nowMs);
  const admitted = Array.from({ length: 25 }, () => rate.admit("a")).filter((wait) => wait === 0);
  assert.equal(admitted.length, 20);
  assert.equal(rate.admit("a"), 1);
  assert.equal(rate.admit("b"), 0);
  nowMs += 100;
  assert.equal(rate.admit("a"), 0);
  assert.equal(rate.admit("a"), 1);
});

test("places are given in turn, and the line has an end", async () => {
  const slots = createSlots(1, 1, 10_000);
  const leave = await slots.enter();
  const second = slots.enter();
  await assert.rejects(slots.enter(), { status: 503 });
  leave();
  leave();
  const leaveSecond = await second;
  assert.equal(slots.taken, 1);
  leaveSecond();
  assert.equal(slots.taken, 0);
});

test("who waits too long for a place is sent away, and the place is not lost", async () => {
  const slots = createSlots(1, 5, 20);
  const leave = await slots.enter();
  await assert.rejects(slots.enter(), { status: 503, headers: { "retry-after": "5" } });
  assert.equal(slots.waiting, 0);
  leave();
  (await slots.enter())();
});

test("a client that moves nothing is cut off", async () => {
  const pace = watchPace({
    idleTimeoutMs: 20,
    minBytesPerSecond: 0,
    windowMs: 10,
    monotonicNow: () => performance.now(),
  });
  assert.equal(await pace.wait(Promise.resolve(1)), 1);
  await assert.rejects(pace.wait(delay(10_000, undefined, { ref: false })), { status: 408 });
});

test("a client that trickles is cut off; our own waiting does not make it slow", async () => {
  let nowMs = 0;
  const pace = watchPace({ idleTimeoutMs: 60_000, minBytesPerSecond: 100, windowMs: 1_000, monotonicNow: () => nowMs });
  const step = async (waitedMs: number, bytes: number) => {
    const waiting = pace.wait(delay(1));
    nowMs += waitedMs;
    await waiting;
    pace.moved(bytes);
  };
  await step(900, 1);
  nowMs += 1_000_000;
  await step(50, 1);
  await step(100, 200);
  await step(600, 1);
  await assert.rejects(step(600, 1), { status: 408 });
});

test("work on one key runs in turn, on two keys at once, and a failure stops nobody", async () => {
  const mutex = createKeyedMutex();
  const done: string[] = [];
  const slow = mutex.run("a", async () => {
    await delay(20);
    done.push("a1");
    throw new Error("failed");
  });
  const after = mutex.run("a", async () => done.push("a2"));
  const other = mutex.run("b", async () => done.push("b"));
  await assert.rejects(slow, /failed/);
  await Promise.all([after, other]);
  assert.deepEqual(done, ["b", "a1", "a2"]);
});
