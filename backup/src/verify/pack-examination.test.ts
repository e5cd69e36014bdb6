import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { idOf, type PackedBlob } from "../blob/index.ts";
import { compress } from "../compression/index.ts";
import { createCipher, generateMasterKey } from "../crypto/index.ts";
import { createBlobOpener, createPackBuilder } from "../pack/index.ts";
import { examineBlobs, headerFault } from "./pack-examination.ts";
import { cutPack } from "./pack-pieces.ts";

const cipher = createCipher(generateMasterKey());
const opener = createBlobOpener(cipher);

function makePack() {
  const builder = createPackBuilder({ type: "data", cipher });
  const texts = ["one ".repeat(100), "two ".repeat(200)].map((text) => Buffer.from(text));
  for (const text of texts) builder.add(idOf(text), compress(text) ?? text, text.length);
  const raw = Buffer.from("raw");
  builder.add(idOf(raw), raw, null);
  return builder.finish()!;
}

describe("examining a pack", () => {
  const { id, bytes, blobs } = makePack();
  const end = blobs.at(-1)!.offset + blobs.at(-1)!.length;
  const faultOfHeader = (changed: Uint8Array, indexed = blobs) =>
    headerFault(id, changed.slice(end), end, indexed, cipher);

  test("finds nothing in one that is whole, whichever bytes of it are looked at", () => {
    assert.deepEqual(examineBlobs(bytes, 0, blobs, opener), { faults: [], lostOffsets: [] });
    const [, second] = blobs;
    assert.deepEqual(examineBlobs(bytes.slice(second!.offset), second!.offset, blobs.slice(1), opener).faults, []);
    assert.equal(faultOfHeader(bytes), null);
  });

  test("finds any bit that is flipped, and loses no blob but the one it is in", () => {
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at]! ^= 1;
      const { faults, lostOffsets } = examineBlobs(changed, 0, blobs, opener);
      const hit = blobs.filter(({ offset, length }) => at >= offset && at < offset + length);
      assert.deepEqual(
        lostOffsets,
        hit.map(({ offset }) => offset),
        `byte ${at}`,
      );
      assert.equal(faults.length, hit.length);
      assert.equal(faultOfHeader(changed) !== null, at >= end, `byte ${at}`);
    }
  });

  test("finds a header that is cut, and an index that says something else", () => {
    for (let length = end; length < bytes.length; length++)
      assert.notEqual(faultOfHeader(bytes.slice(0, length)), null);
    assert.match(faultOfHeader(bytes, blobs.slice(1)) ?? "", /other ones than the index/);
  });

  test("finds a blob with another name or another length", () => {
    const [first] = blobs;
    const examine = (change: Partial<PackedBlob>) =>
      examineBlobs(bytes, 0, [{ ...first!, ...change }], opener).faults.join();
    assert.match(examine({ id: "ab".repeat(32) }), /other content than its name says/);
    assert.match(examine({ uncompressedLength: 9 }), /cannot be decompressed/);
    assert.match(examine({ length: first!.length - 1 }), /wrong MAC/);
  });
});

test("pieces of a pack join to all of it, and each blob lies whole in one", () => {
  const mebibyte = 2 ** 20;
  const lists = fc.array(
    fc.record({ gap: fc.constantFrom(0, 0, 10), length: fc.integer({ min: 40, max: 9 * mebibyte }) }),
  );
  fc.assert(
    fc.property(lists, fc.nat(1000), fc.nat(5 * mebibyte), (list, headerBytes, cut) => {
      let offset = 0;
      const blobs = list.map(({ gap, length }): PackedBlob => {
        offset += gap + length;
        return { id: "", type: "data", offset: offset - length, length, uncompressedLength: null };
      });
      const sizeBytes = Math.max(0, offset + headerBytes - cut);
      const { pieces, outside } = cutPack(blobs, sizeBytes);
      let at = 0;
      for (const { start, length, blobs: inside } of pieces) {
        assert.equal(start, at);
        at += length;
        for (const blob of inside) assert.ok(blob.offset >= start && blob.offset + blob.length <= at);
        assert.ok(inside.length <= 1 || length <= 4 * mebibyte);
      }
      assert.equal(at, sizeBytes);
      assert.deepEqual(pieces.at(-1)?.blobs, []);
      assert.deepEqual([...pieces.flatMap((piece) => piece.blobs), ...outside].length, blobs.length);
      for (const blob of outside) assert.ok(blob.offset + blob.length > sizeBytes);
    }),
  );
});
