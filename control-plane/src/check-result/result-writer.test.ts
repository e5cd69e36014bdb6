import assert from "node:assert/strict";
import { test } from "node:test";
import pino from "pino";
import { UnavailableError } from "../error/index.ts";
import type { ResultBatch } from "./incoming-result.ts";
import { ResultWriter, type StoreBatches } from "./result-writer.ts";

const logger = pino({ level: "silent" });

function batchOf(name: string, count = 1): ResultBatch {
  const result = { hostId: 1, serviceId: 1, returnCode: 0, output: name, isPassive: true };
  return { results: new Array(count).fill(result), sender: "token:1", batchId: null, describe: () => name };
}

/** A store whose transactions finish when told to. */
function heldStore() {
  const groups: { names: string[]; finish: () => void; fail: (error: Error) => void }[] = [];
  const storeBatches: StoreBatches = (batches) => {
    const { promise, resolve, reject } = Promise.withResolvers<{ answerJson: string; isDuplicate: boolean }[]>();
    const answers = batches.map((batch) => ({ answerJson: batch.describe([]), isDuplicate: false }));
    const names = answers.map((answer) => answer.answerJson);
    groups.push({ names, finish: () => resolve(answers), fail: reject });
    return promise;
  };
  return { groups, storeBatches };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

test("batches that arrive while a transaction runs form the next one, in order of arrival", async () => {
  const { groups, storeBatches } = heldStore();
  const writer = new ResultWriter({ storeBatches, logger, lingerMs: 0 });
  const first = writer.write(batchOf("a"));
  await until(() => groups.length === 1);
  const others = [writer.write(batchOf("b")), writer.write(batchOf("c"))];
  groups[0]!.finish();
  assert.equal((await first).answerJson, "a");
  await until(() => groups.length === 2);
  assert.deepEqual(groups[1]!.names, ["b", "c"]);
  groups[1]!.finish();
  assert.deepEqual(
    (await Promise.all(others)).map((stored) => stored.answerJson),
    ["b", "c"],
  );
});

test("a group closes at its maximum size, but one larger batch still goes in whole", async () => {
  const { groups, storeBatches } = heldStore();
  const writer = new ResultWriter({ storeBatches, logger, lingerMs: 0, maximumGroupSize: 10 });
  const written = [writer.write(batchOf("a", 6)), writer.write(batchOf("b", 6)), writer.write(batchOf("c", 20))];
  for (const [index, name] of ["a", "b", "c"].entries()) {
    await until(() => groups.length === index + 1);
    assert.deepEqual(groups[index]!.names, [name]);
    groups[index]!.finish();
  }
  await Promise.all(written);
});

test("a full queue refuses with a time to come back", async () => {
  const { groups, storeBatches } = heldStore();
  const writer = new ResultWriter({ storeBatches, logger, lingerMs: 0, maximumWaiting: 10 });
  const first = writer.write(batchOf("a", 8));
  const second = await writer.write(batchOf("b", 8)).catch((error: unknown) => error);
  assert.ok(second instanceof UnavailableError);
  assert.equal(second.retryAfterSeconds, 2);
  await until(() => groups.length === 1);
  groups[0]!.finish();
  await first;
});

test("a batch that cannot be stored does not take its group with it", async () => {
  const storeBatches: StoreBatches = async (batches) => {
    if (batches.some((batch) => batch.describe([]) === "bad")) throw new Error("cannot");
    return batches.map((batch) => ({ answerJson: batch.describe([]), isDuplicate: false }));
  };
  const writer = new ResultWriter({ storeBatches, logger, lingerMs: 0 });
  const outcomes = await Promise.allSettled(["a", "bad", "b"].map((name) => writer.write(batchOf(name))));
  assert.deepEqual(
    outcomes.map((outcome) => outcome.status),
    ["fulfilled", "rejected", "fulfilled"],
  );
});

test("stopping writes what waits and takes nothing more", async () => {
  const stored: string[] = [];
  const writer = new ResultWriter({
    storeBatches: async (batches) => {
      for (const batch of batches) stored.push(batch.describe([]));
      return batches.map(() => ({ answerJson: "", isDuplicate: false }));
    },
    logger,
  });
  const waiting = writer.write(batchOf("a"));
  await writer.stop();
  await waiting;
  assert.deepEqual(stored, ["a"]);
  await assert.rejects(writer.write(batchOf("b")), UnavailableError);
});

test("batches after one that fills a group by itself are written too", async () => {
  const { groups, storeBatches } = heldStore();
  const writer = new ResultWriter({ storeBatches, logger, lingerMs: 0, maximumGroupSize: 10 });
  const first = writer.write(batchOf("a", 10));
  await until(() => groups.length === 1);
  groups[0]!.finish();
  await first;
  const second = writer.write(batchOf("b"));
  // Lingering takes a millisecond, of which a count of turns says nothing.
  const deadline = performance.now() + 60_000;
  await until(() => groups.length === 2 || performance.now() > deadline);
  assert.deepEqual(groups[1]?.names, ["b"]);
  groups[1]?.finish();
  await second;
});
