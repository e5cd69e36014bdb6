import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { idOf, type PackedBlob } from "../blob/index.ts";
import { createBlobIndex } from "./index.ts";

const module = new URL("./index.ts", import.meta.url).href;
/** Claims the same blobs as the others do, each thread in an order of its own, and tells which it got. */
const program = `
  const { parentPort, workerData } = require("node:worker_threads");
  const { createHash } = require("node:crypto");
  import(${JSON.stringify(module)}).then(({ openSharedBlobTable }) => {
    const claims = openSharedBlobTable(workerData.shared);
    parentPort.once("message", () => {
      const got = [];
      for (let i = 0; i < workerData.count; i++) {
        const n = (i * workerData.stride) % workerData.count;
        if (claims.claim("data", createHash("sha256").update("blob " + n).digest())) got.push(n);
      }
      parentPort.postMessage(got);
    });
    parentPort.postMessage("ready");
  });`;

test("each blob is claimed by exactly one of several threads, while the table grows and packs are added", async () => {
  const index = createBlobIndex();
  const count = 40_001; // A prime, so that every stride visits all of them.
  const id = (n: number) => idOf(Buffer.from(`blob ${n}`));
  const stored: PackedBlob[] = [{ id: id(5), type: "data", offset: 0, length: 40, uncompressedLength: null }];
  index.addPack(idOf(Buffer.from("stored before")), stored, null);
  const workers = [1, 2, 3, 5].map(
    (stride) => new Worker(program, { eval: true, workerData: { shared: index.shared, count, stride: stride * 7 } }),
  );
  const next = (worker: Worker) =>
    new Promise<unknown>((resolve, reject) => worker.once("message", resolve).once("error", reject));
  await Promise.all(workers.map(next));
  const answers = workers.map((worker) => {
    const answer = next(worker);
    worker.postMessage("go");
    return answer;
  });
  // Meanwhile the main thread uses the table as well.
  for (let i = 0; i < 2000; i++)
    index.addPack(
      idOf(Buffer.from(`pack ${i}`)),
      [{ id: idOf(Buffer.from(`other ${i}`)), type: "tree", offset: 0, length: 40, uncompressedLength: null }],
      null,
    );
  const claimed = (await Promise.all(answers)).flat() as number[];
  await Promise.all(workers.map((worker) => worker.terminate()));

  assert.equal(claimed.length, count - 1, "one was stored before");
  assert.equal(new Set(claimed).size, count - 1, "none was claimed twice");
  assert.equal(index.claimedCount, count - 1);
  assert.equal(index.blobCount, 2001, "a claim is not a blob");
  index.addPack(
    idOf(Buffer.from("theirs")),
    claimed.map((n, i) => ({ id: id(n), type: "data", offset: i * 40, length: 40, uncompressedLength: null })),
    null,
  );
  assert.equal(index.claimedCount, 0);
  assert.equal(index.blobCount, 2000 + count);
  assert.equal(index.blobNumberLimit, 2000 + count, "a claim becomes the blob's entry");
});
