import assert from "node:assert/strict";
import { test } from "node:test";
import { createWorkerPool } from "./create-worker-pool.ts";
import type { ArithmeticJob } from "./fixtures/arithmetic-worker.ts";
import { JobFailedError, WorkerDiedError } from "./job-error.ts";
import type { WorkerPool } from "./worker-pool.ts";

const entry = new URL("./fixtures/arithmetic-worker.ts", import.meta.url);

async function withPool(
  work: (pool: WorkerPool<ArithmeticJob, number | ArrayBuffer>) => Promise<void>,
  options: { signal?: AbortSignal; onNotice?: (notice: string) => void; jobsInHand?: number } = {},
): Promise<void> {
  const pool = createWorkerPool<ArithmeticJob, number | ArrayBuffer, string>({
    entry,
    size: 2,
    setting: { base: 100 },
    ...options,
  });
  try {
    await work(pool);
  } finally {
    await pool.close();
  }
}

test("every job is answered with its own result", async () => {
  await withPool(
    async (pool) => {
      const values = Array.from({ length: 200 }, (_, value) => value);
      const results = await Promise.all(
        values.map((value) => pool.run({ kind: value % 7 === 0 ? "slow-add" : "add", value })),
      );
      assert.deepEqual(
        results,
        values.map((value) => 100 + value),
      );
      assert.equal(pool.pending, 0);
    },
    { jobsInHand: 2 },
  );
});

test("a job that throws rejects with the thread's message and stack, and the thread goes on", async () => {
  await withPool(async (pool) => {
    await assert.rejects(pool.run({ kind: "throw" }), (error: unknown) => {
      assert.ok(error instanceof JobFailedError);
      assert.equal(error.message, "a job that fails");
      assert.match(error.stack ?? "", /arithmetic-worker\.ts/);
      return true;
    });
    assert.equal(await pool.run({ kind: "add", value: 1 }), 101);
  });
});

test("a thread that dies rejects its jobs and all later ones", async () => {
  await withPool(async (pool) => {
    await assert.rejects(pool.run({ kind: "exit" }), WorkerDiedError);
    await assert.rejects(pool.run({ kind: "add", value: 1 }), WorkerDiedError);
    await pool.whenBelow(1);
  });
});

test("an aborted signal ends a job that would run for ever", async () => {
  const controller = new AbortController();
  await withPool(
    async (pool) => {
      const spinning = pool.run({ kind: "spin" });
      const queued = pool.run({ kind: "spin" });
      setTimeout(() => controller.abort(new Error("enough")), 20);
      await assert.rejects(spinning, /enough/);
      await assert.rejects(queued, /enough/);
      await assert.rejects(pool.run({ kind: "add", value: 1 }), /enough/);
    },
    { signal: controller.signal },
  );
});

test("buffers move to the thread and back, and a notice arrives before the result", async () => {
  const notices: string[] = [];
  await withPool(
    async (pool) => {
      const buffer = new ArrayBuffer(1000);
      const result = await pool.run({ kind: "fill", buffer }, { transfer: [buffer] });
      assert.equal(buffer.byteLength, 0);
      assert.ok(result instanceof ArrayBuffer);
      assert.deepEqual(new Set(new Uint8Array(result)), new Set([1]));
      assert.deepEqual(notices, ["filling"]);
    },
    { onNotice: (notice) => notices.push(notice) },
  );
});

test("whenBelow waits until enough jobs are done", async () => {
  await withPool(async (pool) => {
    const jobs = [1, 2, 3, 4, 5].map((value) => pool.run({ kind: "slow-add", value }));
    assert.equal(pool.pending, 5);
    await pool.whenBelow(3);
    assert.ok(pool.pending < 3);
    await Promise.all(jobs);
  });
});

test("a job can be done once on each thread that was started", async () => {
  await withPool(async (pool) => {
    assert.deepEqual(await pool.runOnEach({ kind: "add", value: 1 }), []);
    await Promise.all([1, 2, 3].map((value) => pool.run({ kind: "slow-add", value })));
    assert.deepEqual(await pool.runOnEach({ kind: "add", value: 1 }), [101, 101]);
  });
});

test("closing a pool rejects what is not done", async () => {
  const pool = createWorkerPool<ArithmeticJob, number>({ entry, size: 1, setting: { base: 0 } });
  const spinning = pool.run({ kind: "spin" });
  const rejected = assert.rejects(spinning, WorkerDiedError);
  await pool.close();
  await rejected;
});
