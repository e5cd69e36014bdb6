import assert from "node:assert/strict";
import { closeSync, ftruncateSync, readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { byteString } from "../byte-string/index.ts";
import { readDataRanges } from "../filesystem/index.ts";
import { temporaryRoot } from "../filesystem/testing.ts";
import { dataStretches, onlyZeros, writeContent } from "./write-content.ts";

const block = 4096;

/** Pieces of zeros and of data, of any length. */
const pieces = fc.array(fc.tuple(fc.boolean(), fc.nat(3 * block)), { maxLength: 8 });

test("what is written with holes reads as what was written without", (t) => {
  const { directory, path } = temporaryRoot(t);
  let made = 0;
  fc.assert(
    fc.property(pieces, fc.nat(2 * block), (parts, position) => {
      const bytes = Buffer.concat(parts.map(([isData, length]) => Buffer.alloc(length, isData ? 7 : 0)));
      const name = byteString(`file-${made++}`);
      const fd = directory.createFile(name);
      ftruncateSync(fd, position + bytes.length);
      const written = writeContent(fd, bytes, position, true);
      assert.deepEqual(readFileSync(`${path}/${name}`).subarray(position), bytes);
      const taken = readDataRanges(fd, position + bytes.length).reduce((sum, { length }) => sum + length, 0);
      assert.ok(taken <= written + 2 * block * parts.length, `${taken} bytes are taken for ${written} written`);
      assert.equal(writeContent(fd, bytes, position, false), bytes.length);
      assert.deepEqual(readFileSync(`${path}/${name}`).subarray(position), bytes);
      closeSync(fd);
    }),
    { numRuns: 100 },
  );
});

test("stretches of data are in order, and what lies between them is whole blocks of zeros", () => {
  fc.assert(
    fc.property(pieces, fc.nat(2 * block), (parts, position) => {
      const bytes = Buffer.concat(parts.map(([isData, length]) => Buffer.alloc(length, isData ? 7 : 0)));
      let end = 0;
      for (const [from, to] of [...dataStretches(bytes, position), [bytes.length, bytes.length] as const]) {
        assert.ok(from >= end && to >= from);
        assert.ok(bytes.subarray(end, from).every((byte) => byte === 0));
        end = to;
      }
    }),
  );
});

test("zeros are told from all else", () => {
  assert.equal(onlyZeros(Buffer.alloc(0)), false);
  assert.equal(onlyZeros(Buffer.alloc(1)), true);
  assert.equal(onlyZeros(Buffer.alloc(100_000)), true);
  for (const at of [0, 1, 50_000, 99_999]) {
    const bytes = Buffer.alloc(100_000);
    bytes[at] = 1;
    assert.equal(onlyZeros(bytes), false);
  }
  assert.equal(onlyZeros(Buffer.alloc(10, 1)), false);
});
