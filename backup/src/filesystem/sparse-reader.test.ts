import assert from "node:assert/strict";
import { closeSync, ftruncateSync, readSync, writeSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { byteString } from "../byte-string/index.ts";
import { createSparseReader } from "./sparse-reader.ts";
import { temporaryRoot } from "./testing.ts";

const block = 4096;

test("a file with holes reads the same as by the system, from anywhere to anywhere", (t) => {
  const { directory } = temporaryRoot(t);
  let made = 0;
  const layout = fc.record({
    written: fc.uniqueArray(fc.nat(19), { maxLength: 12 }),
    tail: fc.nat(2 * block),
    reads: fc.array(fc.tuple(fc.nat(22 * block), fc.nat(10 * block)), { minLength: 1, maxLength: 8 }),
    range: fc.tuple(fc.nat(10 * block), fc.nat(30 * block)),
  });
  fc.assert(
    fc.property(layout, ({ written, tail, reads, range: [start, length] }) => {
      const fd = directory.createFile(byteString(`sparse-${made++}`));
      ftruncateSync(fd, 19 * block + tail);
      for (const index of written) writeSync(fd, Buffer.alloc(block, index + 1), 0, block, index * block);
      const reader = createSparseReader(fd, start, start + length);
      for (const [position, count] of reads) {
        const [ours, theirs] = [Buffer.alloc(count, 0xff), Buffer.alloc(count, 0xff)];
        const got = reader.read(ours, 0, count, position);
        assert.equal(got, readSync(fd, theirs, 0, count, position));
        assert.deepEqual(ours.subarray(0, got), theirs.subarray(0, got));
        const end = reader.holeEnd(position);
        assert.ok(end >= position);
        const hole = Buffer.alloc(end - position, 0xff);
        readSync(fd, hole, 0, hole.length, position);
        assert.ok(hole.every((byte) => byte === 0));
      }
      closeSync(fd);
    }),
    { numRuns: 100 },
  );
});

test("a hole of terabytes ends where the data begins", (t) => {
  const { directory } = temporaryRoot(t);
  const fd = directory.createFile(byteString("huge"));
  const size = 4 * 1024 ** 4;
  ftruncateSync(fd, size);
  writeSync(fd, "end", size - 3);
  const reader = createSparseReader(fd, 0, size);
  assert.equal(reader.holeEnd(0), size - block);
  assert.equal(reader.holeEnd(size - 1), size - 1);
  assert.equal(createSparseReader(fd, 1024, 2048).holeEnd(1500), 2048, "it knows of nothing beyond its end");
  closeSync(fd);
});
