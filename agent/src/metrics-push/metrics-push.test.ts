import assert from "node:assert/strict";
import { readdirSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { testDirectory } from "../agent/testing/test-directory.ts";
import { createLogger } from "../logger/index.ts";
import type { Outcome } from "../transport/index.ts";
import { defaultPushSpoolPolicy, openPushSpool, startMetricsPush, untilNextPush } from "./index.ts";

const push = (scrapedAtMs: number) => ({ batchId: crypto.randomUUID(), scrapedAtMs, exposition: "up 1\n" });
const read = (body: Uint8Array) => JSON.parse(gunzipSync(body).toString());
const taken = { kind: "ok", value: { isDuplicate: false } } as const;

async function drain(spool: Awaited<ReturnType<typeof openPushSpool>>): Promise<number[]> {
  const seen: number[] = [];
  const send = async (body: Uint8Array) => {
    seen.push(read(body).scrapedAtMs);
    return taken;
  };
  while ((await spool.deliverOldest(send)) === "again");
  return seen;
}

test("pushes come out oldest first with their own times, also after a restart", async () => {
  const directory = join(testDirectory(), "spool");
  const spool = await openPushSpool(directory);
  for (const at of [30, 10]) await spool.add(push(at));
  const reopened = await openPushSpool(directory);
  await reopened.add(push(20));
  assert.deepEqual(await drain(reopened), [30, 10, 20]);
  assert.deepEqual([readdirSync(directory), reopened.status().bytes], [[], 0]);
});

test("one that did not arrive is sent again as it was, and one that is refused makes way", async () => {
  const spool = await openPushSpool(join(testDirectory(), "spool"));
  await spool.add(push(1));
  await spool.add(push(2));
  const bodies: string[] = [];
  const answer = (outcome: Outcome<unknown>) => async (body: Uint8Array) => {
    bodies.push(Buffer.from(body).toString("base64"));
    return outcome;
  };
  const away = await spool.deliverOldest(answer({ kind: "unreachable", message: "no" }));
  assert.deepEqual(away, { kind: "unreachable", message: "no" });
  assert.equal(await spool.deliverOldest(answer({ kind: "invalid", message: "no" })), "again");
  assert.equal(bodies[0], bodies[1]);
  assert.deepEqual([spool.status().lost, await drain(spool)], [1, [2]]);
});

test("beyond the bound the oldest are dropped and counted, and a damaged file does not stop the rest", async () => {
  const directory = join(testDirectory(), "spool");
  const spool = await openPushSpool(directory, { ...defaultPushSpoolPolicy, maximumPushes: 3 });
  for (let at = 1; at <= 5; at++) await spool.add(push(at));
  assert.equal(spool.status().dropped, 2);
  truncateSync(join(directory, readdirSync(directory).sort()[0]!), 5);
  const seen: number[] = [];
  const send = async (body: Uint8Array): Promise<Outcome<unknown>> => {
    try {
      seen.push(read(body).scrapedAtMs);
      return taken;
    } catch {
      return { kind: "invalid", message: "broken gzip" };
    }
  };
  while ((await spool.deliverOldest(send)) === "again");
  assert.deepEqual(seen, [4, 5]);
});

test("every host has its own moment in the interval, which comes once in each", () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 5, max: 3600 }), fc.nat(2 ** 40), (host, seconds, nowMs) => {
      const wait = untilNextPush(host, seconds * 1000, nowMs);
      assert.ok(wait > 0 && wait <= seconds * 1000);
      assert.equal(untilNextPush(host, seconds * 1000, nowMs + wait), seconds * 1000);
    }),
    { numRuns: 200 },
  );
  const moments = Array.from({ length: 100 }, (_, index) => untilNextPush(`web${index}`, 60_000, 0));
  assert.ok(Math.max(...moments) - Math.min(...moments) > 50_000);
});

test("while the control plane is away pushes wait, and afterwards they arrive in order", async () => {
  const stopping = new AbortController();
  let nowMs = 1_000_000;
  let isAway = true;
  const arrived: number[] = [];
  const { promise: all, resolve: gotAll } = Promise.withResolvers<void>();
  const pusher = await startMetricsPush({
    directory: join(testDirectory(), "spool"),
    hostName: "web1",
    scrape: async () => `pushed_at ${nowMs}\n`,
    controlPlane: {
      async sendMetrics(body) {
        if (isAway) return { kind: "unreachable", message: "away" };
        const sent = read(body);
        assert.equal(sent.exposition, `pushed_at ${sent.scrapedAtMs}\n`);
        arrived.push(sent.scrapedAtMs);
        if (arrived.length >= 4) gotAll();
        return taken;
      },
    },
    newBatchId: () => crypto.randomUUID(),
    patience: {
      backoff: { baseMs: 1, maximumMs: 2 },
      refusedBackoff: { baseMs: 1, maximumMs: 2 },
      random: () => 0.5,
      // Time goes on only where somebody waits for the next push.
      async sleep(ms, signal) {
        if (ms > 2) nowMs += ms;
        if (pusher.status().pushes >= 4) isAway = false;
        await new Promise((resolve) => setTimeout(resolve, 1));
        if (arrived.length >= 4)
          await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      },
    },
    logger: createLogger({ level: "error", format: "text", write: () => undefined, now: Date.now }),
    now: () => nowMs,
    signal: stopping.signal,
  });
  pusher.configure({ pushIntervalSeconds: 10 });
  await all;
  stopping.abort();
  const [first = 0, ...rest] = arrived;
  const firstTurn = first + untilNextPush("web1", 10_000, first);
  assert.deepEqual(rest.slice(0, 3), [firstTurn, firstTurn + 10_000, firstTurn + 20_000]);
});
