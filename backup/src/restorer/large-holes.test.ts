import assert from "node:assert/strict";
import { closeSync, ftruncateSync, mkdirSync, openSync, readSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openFixture } from "./fixtures/snapshot-of.ts";
import { restoreSnapshot } from "./restore-snapshot.ts";

const gibibyte = 1024 ** 3;
const size = 64 * gibibyte;
/** Where a word of data lies in the holes. */
const words = [0, 20 * gibibyte + 5, size - 4];

function writeWords(path: string): void {
  const fd = openSync(path, "w");
  ftruncateSync(fd, size);
  for (const at of words) writeSync(fd, "data", at);
  closeSync(fd);
}

function readWords(path: string): readonly string[] {
  const fd = openSync(path, "r");
  const texts = [...words, 50 * gibibyte].map((at) => {
    const bytes = Buffer.alloc(4);
    readSync(fd, bytes, 0, 4, at);
    return bytes.toString("latin1");
  });
  closeSync(fd);
  return texts;
}

/** A restore of a file with large holes; each run verifies what it restored. */
async function prepare(context: TestContext) {
  const fixture = await openFixture(context);
  const source = join(fixture.root, "source");
  mkdirSync(source);
  writeWords(join(source, "image"));
  const snapshot = await fixture.take(source);
  const target = join(fixture.root, "target");
  const restore = () =>
    restoreSnapshot(fixture.repository, { snapshot, target, threads: 1, isVerifying: true, overwrite: "always" });
  return { image: join(target, source, "image"), restore };
}

// To read so many zeros, or write them, takes longer than the test may.
test("holes are neither written nor read, whatever is there before", { timeout: 60_000 }, async (context) => {
  const { image, restore } = await prepare(context);
  const expected = ["data", "data", "data", "\0\0\0\0"];
  const assertRestored = () => {
    assert.deepEqual(readWords(image), expected);
    assert.equal(statSync(image).size, size);
    assert.ok(statSync(image).blocks * 512 < 1024 * 1024);
  };
  const first = await restore();
  assert.deepEqual([first.isComplete, first.filesVerified], [true, 1]);
  assertRestored();

  const again = await restore();
  assert.deepEqual([again.filesVerified, again.bytesWritten], [1, 0]);

  // What is written into a hole is found, and nothing else is fetched.
  const fd = openSync(image, "r+");
  writeSync(fd, "junk", 50 * gibibyte);
  closeSync(fd);
  const mended = await restore();
  assert.deepEqual([mended.filesVerified, mended.entriesRestored], [1, 1]);
  assert.ok(mended.bytesWritten < 64 * 1024 * 1024);
  assertRestored();

  // A file of that length that has lost its data.
  const emptied = openSync(image, "r+");
  ftruncateSync(emptied, 0);
  ftruncateSync(emptied, size);
  closeSync(emptied);
  assert.equal((await restore()).filesVerified, 1);
  assertRestored();
});
