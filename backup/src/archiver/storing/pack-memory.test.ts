import assert from "node:assert/strict";
import { once } from "node:events";
import test from "node:test";
import { Worker } from "node:worker_threads";
import { createPackMemory, PackMemory } from "./pack-memory.ts";

test("a place is not given twice, and is the same memory when it comes back", () => {
  const memory = new PackMemory(createPackMemory(2, 16));
  const first = memory.takeBlocking();
  const second = memory.takeBlocking();
  assert.notEqual(first.number, second.number);
  first.bytes[0] = 7;
  second.bytes[0] = 8;
  memory.giveBack(first.number);
  const again = memory.takeBlocking();
  assert.equal(again.number, first.number);
  assert.equal(again.bytes[0], 7);
});

test("a thread that asks for more places than there are waits until one is given back", async () => {
  const shared = createPackMemory(1, 16);
  const memory = new PackMemory(shared);
  const taken = memory.takeBlocking();
  const code = `
    const { parentPort, workerData } = require("node:worker_threads");
    import(workerData.module).then(({ PackMemory }) => {
      parentPort.postMessage("asking");
      parentPort.postMessage(new PackMemory(workerData.shared).takeBlocking().number);
    });`;
  const workerData = { module: new URL("./pack-memory.ts", import.meta.url).href, shared };
  const worker = new Worker(code, { eval: true, workerData });
  assert.deepEqual(await once(worker, "message"), ["asking"]);
  let hasPlace = false;
  const answered = once(worker, "message").then((answer) => {
    hasPlace = true;
    return answer;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(hasPlace, false);
  memory.giveBack(taken.number);
  assert.deepEqual(await answered, [taken.number]);
  await worker.terminate();
});
