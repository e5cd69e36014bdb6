import assert from "node:assert/strict";
import { readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { AgentCheckResult } from "@mycloud/protocol/check-result";
import fc from "fast-check";
import { testDirectory } from "../agent/testing/test-directory.ts";
import { createLogger } from "../logger/index.ts";
import { writeFileAtomically } from "../state-directory/index.ts";
import { openSpool, type SpoolOptions } from "./spool.ts";
import { countToDrop, defaultSpoolPolicy } from "./spool-policy.ts";

const logger = createLogger({ level: "error", format: "text", write: () => undefined, now: Date.now });

function result(serviceId: number, output = "OK"): AgentCheckResult {
  return { serviceId, returnCode: 0, output, checkedAtMs: 1, executionTimeSeconds: 0, latencySeconds: 0 };
}

function inNewDirectory(overrides: Partial<SpoolOptions> = {}): SpoolOptions {
  return {
    directory: join(testDirectory(), "spool"),
    policy: defaultSpoolPolicy,
    now: Date.now,
    newBatchId: () => crypto.randomUUID(),
    logger,
    ...overrides,
  };
}

async function drain(spool: Awaited<ReturnType<typeof openSpool>>): Promise<number[]> {
  const seen: number[] = [];
  for (let batch = await spool.oldest(); batch; batch = await spool.oldest()) {
    seen.push(...batch.results.flatMap((item) => item.serviceId ?? []));
    await spool.remove(batch.batchId);
  }
  return seen;
}

test("results come out oldest first, and also after a restart", async () => {
  const options = inNewDirectory();
  const spool = await openSpool(options);
  await spool.append([result(1), result(2)]);
  await spool.oldest();
  await spool.append([result(3)]);
  const reopened = await openSpool(options);
  assert.equal(reopened.status().batches, 2);
  await reopened.append([result(4)]);
  assert.deepEqual(await drain(reopened), [1, 2, 3, 4]);
  assert.deepEqual(readdirSync(options.directory), ["rejected"]);
});

test("a batch keeps its id until it is removed, so that it can be sent again", async () => {
  const options = inNewDirectory();
  const spool = await openSpool(options);
  await spool.append([result(1)]);
  const first = await spool.oldest();
  assert.deepEqual(await spool.oldest(), first);
  assert.deepEqual(await (await openSpool(options)).oldest(), first);
});

test("a batch grows while nobody has begun to send it, and never after", async () => {
  const spool = await openSpool(inNewDirectory());
  await spool.append([result(1)]);
  await spool.append([result(2)]);
  assert.equal(spool.status().batches, 1);
  const sending = await spool.oldest();
  await spool.append([result(3)]);
  assert.equal(spool.status().batches, 2);
  assert.deepEqual(await spool.oldest(), sending);
});

test("a batch stops growing at its bound", async () => {
  const spool = await openSpool(inNewDirectory({ policy: { ...defaultSpoolPolicy, growUntilResults: 2 } }));
  for (let id = 0; id < 5; id++) await spool.append([result(id)]);
  assert.equal(spool.status().batches, 3);
});

test("results with long output are cut into batches that a request can carry", async () => {
  const options = inNewDirectory({ policy: { ...defaultSpoolPolicy, growUntilBytes: 100_000 } });
  const spool = await openSpool(options);
  await spool.append(Array.from({ length: 20 }, (_, id) => result(id, "x".repeat(30_000))));
  await spool.append([result(20, "x".repeat(60_000)), result(21, "x".repeat(60_000))]);
  const sizes = readdirSync(options.directory).filter((name) => name.endsWith(".json"));
  assert.equal(sizes.length, 9);
  assert.deepEqual(
    await drain(spool),
    Array.from({ length: 22 }, (_, id) => id),
  );
});

test("over the bound the oldest batches are dropped and counted", async () => {
  const policy = { ...defaultSpoolPolicy, growUntilResults: 1, maximumBatches: 3 };
  const spool = await openSpool(inNewDirectory({ policy }));
  for (let id = 1; id <= 5; id++) await spool.append([result(id)]);
  assert.deepEqual(await drain(spool), [3, 4, 5]);
  assert.equal(spool.status().droppedBatches, 2);
  assert.equal(spool.status().droppedResults, 2);
});

test("what is kept fits, the newest is always kept, and no more is dropped than needed", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 30 }),
      (sizes, maximumBytes, maximumBatches) => {
        const fits = (kept: number[]) =>
          kept.length <= maximumBatches && kept.reduce((sum, size) => sum + size, 0) <= maximumBytes;
        const drop = countToDrop(sizes, { maximumBytes, maximumBatches });
        const kept = sizes.slice(drop);
        assert.ok(kept.length >= 1);
        assert.ok(kept.length === 1 || fits(kept));
        if (drop > 0) assert.ok(!fits(sizes.slice(drop - 1)));
      },
    ),
  );
});

test("a damaged file is set aside and counted, and the next batch follows", async () => {
  const options = inNewDirectory({ policy: { ...defaultSpoolPolicy, growUntilResults: 1 } });
  const spool = await openSpool(options);
  await spool.append([result(1)]);
  await spool.append([result(2)]);
  const [damaged] = readdirSync(options.directory).sort();
  truncateSync(join(options.directory, damaged!), 10);
  const reopened = await openSpool(options);
  assert.deepEqual(await drain(reopened), [2]);
  assert.equal(reopened.status().rejectedBatches, 1);
  assert.deepEqual(readdirSync(join(options.directory, "rejected")), [damaged]);
});

test("what a crash left half-written is cleared, and foreign files are left alone", async () => {
  const options = inNewDirectory();
  await openSpool(options);
  writeFileSync(join(options.directory, "0000000000000009.x.json.tmp"), "{");
  writeFileSync(join(options.directory, "note.txt"), "mine");
  const spool = await openSpool(options);
  assert.equal(await spool.oldest(), undefined);
  assert.deepEqual(readdirSync(options.directory).sort(), ["note.txt", "rejected"]);
});

test("a batch the server refuses is kept aside for a person to read", async () => {
  const options = inNewDirectory();
  const spool = await openSpool(options);
  await spool.append([result(1, "strange")]);
  const batch = await spool.oldest();
  await spool.reject(batch!.batchId, "output is too strange");
  assert.equal(spool.status().batches, 0);
  const [name] = readdirSync(join(options.directory, "rejected"));
  assert.match(readFileSync(join(options.directory, "rejected", name!), "utf8"), /strange/);
});

test("on a full disk results wait in memory, in order, and go to disk when there is room", async () => {
  let isFull = true;
  const options = inNewDirectory({
    policy: { ...defaultSpoolPolicy, growUntilResults: 1 },
    writeFile: (path, content) =>
      isFull
        ? Promise.reject(Object.assign(new Error("no space"), { code: "ENOSPC" }))
        : writeFileAtomically(path, content),
  });
  const spool = await openSpool(options);
  await spool.append([result(1)]);
  await spool.append([result(2)]);
  assert.equal((await spool.oldest())?.results[0]?.serviceId, 1);
  assert.equal((await openSpool(options)).status().batches, 0);
  isFull = false;
  await spool.append([result(3)]);
  assert.deepEqual(await drain(await openSpool(options)), [1, 2, 3]);
});

test("memory is bounded on a full disk", async () => {
  const spool = await openSpool(
    inNewDirectory({
      policy: { ...defaultSpoolPolicy, growUntilResults: 1, maximumMemoryBytes: 10_000 },
      writeFile: () => Promise.reject(Object.assign(new Error("no space"), { code: "ENOSPC" })),
    }),
  );
  for (let id = 1; id <= 50; id++) await spool.append([result(id, "x".repeat(1000))]);
  assert.ok(spool.status().bytes <= 10_000);
  assert.ok(spool.status().droppedResults >= 40);
});
