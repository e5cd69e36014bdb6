import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { createZstdCompress, gzipSync, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import fc from "fast-check";
import { compress, largestFrameBytes } from "./compress.ts";
import { createCompressor } from "./compressor.ts";
import { decompress, decompressUpTo } from "./decompress.ts";
import { createDecompressor } from "./decompressor.ts";
import { looksIncompressible } from "./looks-incompressible.ts";
import { createZstdContext } from "./zstd-context.ts";

const text = Buffer.from(
  Array.from({ length: 4000 }, (_, line) => `${line}: status=${(line * 7919) % 503}\n`).join(""),
);

describe("compression", () => {
  it("gives a frame that any zstd reads", () => {
    const frame = compress(text);
    assert.ok(frame !== null && frame.length < text.length / 2);
    assert.deepEqual(zstdDecompressSync(frame), text);
  });

  it("gives one frame of bytes that lie in several places", () => {
    const pieces = [text.subarray(0, 10), text.subarray(10, 10), text.subarray(10, 70_000), text.subarray(70_000)];
    const frame = createCompressor().compressPieces(pieces);
    assert.ok(frame !== null && frame.length < text.length / 2);
    assert.deepEqual(zstdDecompressSync(frame), text);
    assert.deepEqual(Buffer.from(decompress(frame, text.length) ?? []), text);
  });

  it("writes a frame where it is told, unless it would not be smaller", () => {
    const compressor = createCompressor();
    const target = new Uint8Array(largestFrameBytes(text.length));
    const length = compressor.compressInto(text, target);
    assert.ok(length !== null);
    assert.deepEqual(zstdDecompressSync(target.subarray(0, length)), text);
    const packed = noise(5000);
    assert.equal(compressor.compressInto(packed, new Uint8Array(largestFrameBytes(packed.length))), null);
  });

  it("declines what would not become smaller", () => {
    assert.equal(compress(noise(5000)), null);
    assert.equal(compress(new Uint8Array(0)), null);
    assert.equal(compress(Buffer.from("abc")), null);
  });

  it("compresses harder at a higher level", () => {
    const quick = compress(text, 1);
    const hard = compress(text, 19);
    assert.ok(quick !== null && hard !== null && hard.length < quick.length);
  });

  it("gives back what it compressed", () => {
    const bytes = fc.tuple(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 3000 }));
    fc.assert(
      fc.property(bytes, ([piece, times]) => {
        const repeated = Buffer.concat(Array.from({ length: times }, () => piece));
        const frame = compress(repeated);
        if (frame !== null) assert.deepEqual(Buffer.from(decompress(frame, repeated.length) ?? []), repeated);
      }),
    );
  });
});

describe("decompression", () => {
  const frame = zstdCompressSync(text);

  it("gives nothing when the frame holds more or less than expected", () => {
    assert.equal(decompress(frame, text.length)?.length, text.length);
    for (const expected of [0, 1, text.length - 1, text.length + 1]) assert.equal(decompress(frame, expected), null);
  });

  it("gives nothing for a bomb", () => {
    assert.equal(decompress(zstdCompressSync(new Uint8Array(50_000_000)), 1000), null);
    assert.equal(decompressUpTo(zstdCompressSync(new Uint8Array(50_000_000)), 1_000_000), null);
  });

  it("gives nothing for a frame that is cut short or no frame", () => {
    for (let length = 0; length < frame.length; length += 97) {
      assert.equal(decompress(frame.subarray(0, length), text.length), null, `${length} bytes`);
      assert.equal(decompressUpTo(frame.subarray(0, length), text.length), null, `${length} bytes`);
    }
    fc.assert(fc.property(fc.uint8Array(), (bytes) => decompressUpTo(bytes, 1000) === null));
  });

  it("gives all of a frame when only the limit is known", () => {
    assert.deepEqual(Buffer.from(decompressUpTo(frame, text.length) ?? []), text);
    assert.deepEqual(Buffer.from(decompressUpTo(frame, 10 * text.length) ?? []), text);
    assert.equal(decompressUpTo(frame, text.length - 1), null);
    assert.deepEqual(decompressUpTo(zstdCompressSync(new Uint8Array(0)), 10)?.length, 0);
  });
});

describe("a compressor and a decompressor", () => {
  it("keep their contexts in the Node that this is built for", () => {
    assert.notEqual(
      createZstdContext(() => createZstdCompress()),
      null,
    );
  });

  it("give the same as the functions for one blob, blob after blob, broken ones among them", () => {
    const compressor = createCompressor();
    const decompressor = createDecompressor();
    const blob = fc
      .tuple(fc.uint8Array({ maxLength: 100 }), fc.integer({ min: 0, max: 2000 }))
      .map(([piece, times]) => Buffer.concat(Array.from({ length: times }, () => piece)));
    fc.assert(
      fc.property(blob, fc.nat(), fc.boolean(), (bytes, position, isBroken) => {
        const frame = compressor.compress(bytes)?.slice() ?? null;
        assert.deepEqual(frame, toPlain(compress(bytes)));
        if (frame === null) return;
        assert.deepEqual(decompressor.decompress(frame, bytes.length), new Uint8Array(bytes));
        if (bytes.length > 0) assert.equal(decompressor.decompress(frame, bytes.length - 1), null);
        assert.equal(decompressor.decompress(frame, bytes.length + 1), null);
        assert.equal(decompressor.decompress(frame.subarray(0, position % frame.length), bytes.length), null);
        if (isBroken) {
          frame[0]! ^= 1;
          assert.equal(decompressor.decompress(frame, bytes.length), null);
        }
      }),
    );
  });

  it("give nothing for a frame with something behind it", () => {
    const frame = zstdCompressSync(text);
    const decompressor = createDecompressor();
    assert.equal(decompressor.decompress(Buffer.concat([frame, frame]), text.length), null);
    assert.equal(decompressor.decompress(frame, text.length)?.length, text.length);
  });

  it("take blobs larger than any before", () => {
    const compressor = createCompressor();
    for (const times of [1, 40, 3]) {
      const bytes = Buffer.concat(Array.from({ length: times }, () => text));
      assert.deepEqual(zstdDecompressSync(compressor.compress(bytes) ?? new Uint8Array()), bytes);
    }
  });
});

describe("the look at a sample", () => {
  it("tells noise and packed data from what can be compressed", () => {
    for (const length of [1024, 5000, 100_000, 1_000_000]) assert.equal(looksIncompressible(noise(length)), true);
    assert.equal(looksIncompressible(gzipSync(Buffer.from(noise(200_000).toString("base64")))), true);
    assert.equal(looksIncompressible(text), false);
    assert.equal(looksIncompressible(Buffer.from(noise(200_000).toString("base64"))), false);
    assert.equal(looksIncompressible(new Uint8Array(100_000)), false);
  });

  it("sees a compressible part among noise", () => {
    assert.equal(looksIncompressible(Buffer.concat([noise(800_000), Buffer.alloc(200_000)])), false);
    assert.equal(looksIncompressible(Buffer.concat([noise(200_000), text, text, noise(200_000)])), false);
  });

  it("leaves little bytes to the compressor", () => {
    assert.equal(looksIncompressible(noise(1023)), false);
    assert.equal(looksIncompressible(new Uint8Array(0)), false);
  });
});

function noise(length: number): Buffer {
  return createHash("shake128", { outputLength: length }).update("noise").digest();
}

function toPlain(bytes: Uint8Array | null): Uint8Array | null {
  return bytes === null ? null : new Uint8Array(bytes);
}
