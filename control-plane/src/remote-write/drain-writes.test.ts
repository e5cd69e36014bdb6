import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";
import { drainWrites } from "./drain-writes.ts";
import { outcomeOf, type PostWrite, readRetryAfter, type WriteOutcome } from "./post-write.ts";
import { toLine } from "./queued-samples.ts";
import { decodeWriteRequest } from "./testing/decode-write-request.ts";
import { encodeSamples } from "./write-request.ts";

const logger = pino({ level: "silent" });
const samplesOf = (request: Uint8Array) => decodeWriteRequest(request).map(({ samples }) => samples[0]!.value);

/** Drains pieces of so many samples each until they are committed. */
async function drain(pieces: readonly (readonly number[])[], post: PostWrite) {
  const stopping = new AbortController();
  const tally = { sent: 0, refused: 0, failures: 0 };
  const waiting = pieces.map((values) => {
    const samples = values.map((value) => ({ name: "m", labels: { n: String(value) }, value, atMs: 1 }));
    return [toLine({ samples: samples.length, request: encodeSamples(samples, {}) })];
  });
  await drainWrites(
    {
      name: "store",
      queue: {
        async read() {
          const [lines] = waiting;
          if (lines === undefined) stopping.abort();
          return lines === undefined ? null : { lines, id: "", next: { segment: 0, offset: 0 } };
        },
        commit: async () => void waiting.shift(),
        waitForMore: async () => undefined,
      },
      post,
      tally: {
        sent(samples) {
          tally.sent += samples;
        },
        refused(samples) {
          tally.refused += samples;
        },
        failed() {
          tally.failures++;
        },
      },
      logger,
      random: () => 0,
      firstPauseMs: 1,
    },
    stopping.signal,
  );
  return tally;
}

test("requests go out in order, one at a time, and again while the store is away", async () => {
  const taken: number[][] = [];
  let inFlight = 0;
  let calls = 0;
  const tally = await drain([[1, 2], [3], [4]], async (request) => {
    assert.equal(inFlight++, 0);
    await new Promise((resolve) => setImmediate(resolve));
    inFlight--;
    if (++calls % 3 !== 0) return { kind: "away", message: "HTTP 503", retryAfterMs: null };
    taken.push(samplesOf(request));
    return { kind: "taken" };
  });
  assert.deepEqual(taken, [[1, 2], [3], [4]]);
  assert.deepEqual(tally, { sent: 4, refused: 0, failures: 6 });
});

test("what a store refuses costs itself alone: the rest of its request is sent without it", async () => {
  const taken: number[] = [];
  const values = Array.from({ length: 50 }, (_, index) => index);
  const tally = await drain([values, [100]], async (request): Promise<WriteOutcome> => {
    const found = samplesOf(request);
    if (found.includes(7) || found.includes(31)) return outcomeOf({ status: 400, body: "no", retryAfter: null }, 0);
    taken.push(...found);
    return { kind: "taken" };
  });
  assert.deepEqual(
    taken,
    [...values, 100].filter((value) => value !== 7 && value !== 31),
  );
  assert.deepEqual(tally, { sent: 49, refused: 2, failures: 0 });
});

test("a store that lets nobody in is not asked again for each part", async () => {
  let calls = 0;
  const tally = await drain([[1, 2, 3]], async () => {
    calls++;
    return outcomeOf({ status: 401, body: "", retryAfter: null }, 0);
  });
  assert.deepEqual([calls, tally.refused], [1, 3]);
});

test("the end of waiting is a store's own word, in seconds or as a date", () => {
  const nowMs = Date.parse("2026-01-01T00:00:00Z");
  assert.equal(readRetryAfter("7", nowMs), 7_000);
  assert.equal(readRetryAfter("Thu, 01 Jan 2026 00:00:30 GMT", nowMs), 30_000);
  assert.equal(readRetryAfter("Thu, 01 Jan 2025 00:00:30 GMT", nowMs), 0);
  assert.equal(readRetryAfter("soon", nowMs), null);
  assert.equal(readRetryAfter("999999", nowMs), 600_000);
  for (const [status, kind] of [
    [204, "taken"],
    [200, "taken"],
    [400, "refused"],
    [404, "refused"],
    [429, "away"],
    [500, "away"],
    [503, "away"],
  ] as const) {
    assert.equal(outcomeOf({ status, body: "", retryAfter: null }, nowMs).kind, kind, String(status));
  }
});
