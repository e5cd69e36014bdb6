import assert from "node:assert/strict";
import { closeSync, ftruncateSync, writeSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { byteString } from "../byte-string/index.ts";
import { mayHaveHoles, readDataRanges } from "./data-ranges.ts";
import { statOf } from "./directory.ts";
import { temporaryRoot } from "./testing.ts";

const block = 4096;

test("data ranges of a file are the blocks that were written", (t) => {
  const { directory } = temporaryRoot(t);
  let made = 0;
  const layouts = fc.record({ blocks: fc.uniqueArray(fc.nat(40), { maxLength: 20 }), tail: fc.nat(3 * block) });
  fc.assert(
    fc.property(layouts, ({ blocks, tail }) => {
      const fd = directory.createFile(byteString(`sparse-${made++}`));
      const size = 41 * block + tail;
      ftruncateSync(fd, size);
      for (const index of blocks) writeSync(fd, "x", index * block);
      const covered = readDataRanges(fd, size).flatMap(({ offset, length }) =>
        Array.from({ length: length / block }, (_, index) => offset / block + index),
      );
      assert.deepEqual(
        covered,
        blocks.toSorted((a, b) => a - b),
      );
      assert.equal(mayHaveHoles(statOf(fd)), true);
      closeSync(fd);
    }),
    { numRuns: 50 },
  );
});

test("a hole of terabytes is no data, and an empty file has none", (t) => {
  const { directory } = temporaryRoot(t);
  const fd = directory.createFile(byteString("huge"));
  assert.deepEqual(readDataRanges(fd, 0), []);
  const size = 12 * 1024 ** 4;
  ftruncateSync(fd, size);
  assert.deepEqual(readDataRanges(fd, size), []);
  writeSync(fd, "end", size - 3);
  assert.deepEqual(readDataRanges(fd, size), [{ offset: size - block, length: block }]);
  closeSync(fd);
});

test("a file written throughout is one range and has no holes", (t) => {
  const { directory } = temporaryRoot(t);
  const fd = directory.createFile(byteString("full"));
  writeSync(fd, Buffer.alloc(10_001));
  assert.deepEqual(readDataRanges(fd, 10_001), [{ offset: 0, length: 10_001 }]);
  assert.equal(mayHaveHoles(statOf(fd)), false);
  closeSync(fd);
});
