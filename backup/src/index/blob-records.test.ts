import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { PackedBlob } from "../blob/index.ts";
import { encodeIndexFile } from "./encode-index-file.ts";
import { addIndexFile, createBlobIndex, readIndexFile, type TableBlobIndex } from "./index.ts";
import { scanIndexFile } from "./scan-index-file.ts";

const idOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
// Few ids, so that blobs come again; some that begin alike.
const id = fc
  .tuple(fc.constantFrom("00000000", "00000001", "ffffffff"), fc.integer({ min: 0, max: 3 }))
  .map(([start, end]) => `${start}${`${end}`.repeat(56)}`);
const anyId = fc.oneof(id, fc.uint8Array({ minLength: 32, maxLength: 32 }).map(idOf));
const uint32 = fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constantFrom(0, 9, 10, 2 ** 32 - 1));
const blob: fc.Arbitrary<PackedBlob> = fc.record(
  {
    id: anyId,
    type: fc.constantFrom("data" as const, "tree" as const),
    offset: uint32,
    length: uint32,
    uncompressedLength: fc.option(fc.integer({ min: 1, max: 2 ** 32 - 1 })),
  },
  { noNullPrototype: true },
);
const packs = fc.array(fc.record({ id: anyId, blobs: fc.array(blob, { maxLength: 20 }) }, { noNullPrototype: true }), {
  maxLength: 5,
});

/** Long enough to be read by many at a time. */
function padded(text: string): Buffer {
  return Buffer.from(`{"x":"${" ".repeat(16 * 1024)}",${text.slice(1)}`);
}

/** What a scan tells, with or without taking many blobs at a time; the error's text when it throws. */
function told(json: Buffer, isMany: boolean): { readonly tellings: readonly unknown[]; readonly many: number } {
  const tellings: unknown[] = [];
  let many = 0;
  const tell = (words: Uint32Array, type: string, offset: number, length: number, uncompressedLength: number | null) =>
    tellings.push([idOf(new Uint8Array(words.slice().buffer)), type, offset, length, uncompressedLength]);
  const onBlobs = (records: Uint32Array, count: number) => {
    many += count;
    for (let at = 0; at < count * 12; at += 12) {
      const [type = 0, offset = 0, length = 0, uncompressedLength = 0] = records.subarray(at + 8, at + 12);
      tell(records.subarray(at, at + 8), type === 1 ? "tree" : "data", offset, length, uncompressedLength || null);
    }
  };
  try {
    scanIndexFile(json, "index/x", {
      onSuperseded: (id) => tellings.push(id),
      onPack: (id) => tellings.push(id),
      onBlob: (type, { words }, offset, length, uncompressedLength) =>
        tell(words, type, offset, length, uncompressedLength),
      ...(isMany ? { onBlobs } : {}),
    });
  } catch (error) {
    tellings.push(String(error));
  }
  return { tellings, many };
}

test("all blobs as this program writes them are read many at a time, and are what they are one at a time", () => {
  fc.assert(
    fc.property(packs, (packs) => {
      const json = padded(JSON.stringify(encodeIndexFile(packs)));
      const { tellings, many } = told(json, true);
      assert.deepEqual(tellings, told(json, false).tellings);
      assert.equal(
        many,
        packs.reduce((sum, { blobs }) => sum + blobs.length, 0),
      );
    }),
  );
});

test("text of any other form, whole or broken, is read as it is one at a time", () => {
  const splice = fc.tuple(
    fc.nat(),
    fc.nat({ max: 3 }),
    fc.constantFrom("", " ", "0", ",", '"', "}", "A", "4294967296", "e"),
  );
  fc.assert(
    fc.property(packs, splice, (packs, [at, removed, added]) => {
      const text = JSON.stringify(encodeIndexFile(packs));
      const place = 1 + (at % text.length);
      const json = padded(text.slice(0, place) + added + text.slice(place + removed));
      assert.deepEqual(told(json, true).tellings, told(json, false).tellings);
    }),
    { numRuns: 2000 },
  );
});

test("more blobs than are read at a time are all read", () => {
  const blobs = Array.from({ length: 9000 }, (_, number) => ({
    id: `${number.toString(16).padStart(8, "0")}${"ab".repeat(28)}`,
    type: "data" as const,
    offset: number * 10,
    length: 10,
    uncompressedLength: null,
  }));
  const json = Buffer.from(JSON.stringify(encodeIndexFile([{ id: "a".repeat(64), blobs }])));
  const index = createBlobIndex();
  addIndexFile(index, "1".repeat(64), json);
  assert.equal(index.blobCount, 9000);
  assert.deepEqual(index.blobsOfPack("a".repeat(64)), blobs);
});

test("an index is the same whether its blobs came one or many at a time, also where packs that are gone have been in it", () => {
  const contentOf = (index: TableBlobIndex, ids: readonly string[]) => ({
    count: index.blobCount,
    places: ids.map((id) => [index.findAll("data", id), index.findAll("tree", id)]),
    packs: [...index.packs()].map(({ id }) => [id, index.blobsOfPack(id)]),
  });
  fc.assert(
    fc.property(packs, packs, (before, packs) => {
      const ids = [...before, ...packs].flatMap(({ blobs }) => blobs.map(({ id }) => id));
      const [one, many] = [createBlobIndex(), createBlobIndex()];
      for (const index of [one, many]) {
        for (const { id, blobs } of before) index.addPack(id, blobs, null);
        index.removePacks(new Set(before.slice(1).map(({ id }) => id)));
      }
      const json = padded(JSON.stringify(encodeIndexFile(packs)));
      addIndexFile(many, "1".repeat(64), json);
      for (const { id, blobs } of readIndexFile(json, "index/1").packs) one.addPack(id, blobs, "1".repeat(64));
      assert.deepEqual(contentOf(many, ids), contentOf(one, ids));
    }),
  );
});
