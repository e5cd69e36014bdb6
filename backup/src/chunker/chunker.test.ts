import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type ChunkSizes, normalSizes, smallSizes } from "./chunk-sizes.ts";
import { type Chunker, createChunker } from "./chunker.ts";

const polynomial = "3da3358b4dc173";
const tinySizes: ChunkSizes = { minimum: 64, average: 256, maximum: 1024 };

describe("the chunker", () => {
  const tiny = createChunker({ polynomial, sizes: tinySizes });

  it("cuts into chunks that join to the input and keep to the bounds", () => {
    fc.assert(
      fc.property(content(20_000), (bytes) => {
        const lengths = lengthsOf(tiny.cut(bytes, true));
        assert.equal(
          lengths.reduce((sum, length) => sum + length, 0),
          bytes.length,
        );
        assert.ok(lengths.every((length) => length > 0 && length <= tinySizes.maximum));
        assert.ok(lengths.slice(0, -1).every((length) => length >= tinySizes.minimum));
      }),
    );
  });

  it("cuts the same wherever the reader's buffers end", () => {
    fc.assert(
      fc.property(content(20_000), fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1 }), (bytes, reads) => {
        assert.deepEqual(cutInPieces(tiny, bytes, reads), tiny.cut(bytes, true));
      }),
    );
  });

  it("finds its old boundaries again behind an insertion", () => {
    const before = noise("resynchronises", 300_000);
    const after = Buffer.concat([before.subarray(0, 100_000), Buffer.from("inserted"), before.subarray(100_000)]);
    const known = new Set(chunksOf(tiny, before));
    const chunks = chunksOf(tiny, after);
    const added = chunks.filter((chunk) => !known.has(chunk));
    assert.ok(chunks.length > 500);
    assert.ok(added.length <= 6, `${added.length} of ${chunks.length} chunks are new`);
  });

  it("cuts elsewhere for another repository", () => {
    const bytes = noise("another repository", 300_000);
    const mine = new Set(tiny.cut(bytes, true));
    const others = createChunker({ polynomial: "25b468838dcb75", sizes: tinySizes }).cut(bytes, true);
    const shared = others.filter((end) => mine.has(end)).length;
    assert.ok(shared < others.length / 20, `${shared} of ${others.length} boundaries are the same`);
  });

  it("cuts a run of equal bytes at the largest size", () => {
    assert.deepEqual(new Set(lengthsOf(tiny.cut(new Uint8Array(10 * 1024), true))), new Set([1024]));
  });

  it("finds no chunk in nothing, and one in a byte", () => {
    assert.deepEqual(tiny.cut(new Uint8Array(0), true), []);
    assert.deepEqual(tiny.cut(new Uint8Array(1), false), []);
    assert.deepEqual(tiny.cut(new Uint8Array(1), true), [1]);
  });

  for (const [name, sizes, bytes] of [
    ["normal", normalSizes, 64 * 1024 * 1024],
    ["small", smallSizes, 16 * 1024 * 1024],
  ] as const) {
    it(`makes chunks of about the average size (${name})`, () => {
      const ends = createChunker({ polynomial, sizes }).cut(noise("average", bytes), true);
      const average = bytes / ends.length;
      assert.ok(average > sizes.average && average < 1.4 * sizes.average, `${average} on average`);
    });
  }

  it("cuts as it always did, so that old repositories go on deduplicating", () => {
    const chunker = createChunker({ polynomial, sizes: smallSizes });
    assert.deepEqual(chunker.cut(noise("for ever", 400_000), true), [70505, 162318, 253507, 296799, 369416, 400000]);
  });

  it("refuses sizes that it could not keep to", () => {
    for (const sizes of [
      { minimum: 32, average: 256, maximum: 1024 },
      { minimum: 64, average: 300, maximum: 1024 },
      { minimum: 512, average: 256, maximum: 1024 },
      { minimum: 64, average: 256, maximum: 128 },
    ]) {
      assert.throws(() => createChunker({ polynomial, sizes }), RangeError);
    }
  });
});

/** Bytes of every kind: noise, runs, and both in turn. */
function content(maximum: number): fc.Arbitrary<Uint8Array> {
  const run = fc.tuple(fc.nat(255), fc.nat(3000)).map(([byte, length]) => Buffer.alloc(length, byte));
  const random = fc.tuple(fc.string(), fc.nat(maximum)).map(([seed, length]) => noise(seed, length));
  return fc.array(fc.oneof(run, random), { maxLength: 6 }).map((parts) => Buffer.concat(parts));
}

function noise(seed: string, length: number): Buffer {
  return createHash("shake128", { outputLength: Math.max(1, length) })
    .update(seed)
    .digest()
    .subarray(0, length);
}

function lengthsOf(ends: readonly number[]): number[] {
  return ends.map((end, at) => end - (ends[at - 1] ?? 0));
}

function chunksOf(chunker: Chunker, bytes: Buffer): string[] {
  const ends = chunker.cut(bytes, true);
  return ends.map((end, at) => bytes.toString("base64", ends[at - 1] ?? 0, end));
}

/** Cuts as a reader does: what is left over is given again with more behind it. */
function cutInPieces(chunker: Chunker, bytes: Uint8Array, reads: readonly number[]): number[] {
  const ends: number[] = [];
  let start = 0;
  let read = 0;
  for (let turn = 0; read < bytes.length; turn++) {
    read = Math.min(bytes.length, read + (reads[turn % reads.length] ?? 1));
    const found = chunker.cut(bytes.subarray(start, read), read === bytes.length).map((end) => start + end);
    ends.push(...found);
    start = ends.at(-1) ?? 0;
  }
  return ends;
}
