import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { idOf, type PackedBlob } from "../blob/index.ts";
import { createCipher, generateMasterKey } from "../crypto/index.ts";
import { createPackBuilder } from "./pack-builder.ts";
import { encodePackHeader, parsePackHeader } from "./pack-header.ts";
import { readPackHeader } from "./read-pack-header.ts";

const cipher = createCipher(generateMasterKey());
const damaged = { code: "MYCLOUD_BACKUP_DAMAGED" };
const packId = "ab".repeat(32);

/** Blobs as they lie in a pack, one behind the other. */
const packedBlobs: fc.Arbitrary<PackedBlob[]> = fc
  .array(
    fc.record({
      id: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString("hex")),
      type: fc.constantFrom("data" as const, "tree" as const),
      length: fc.integer({ min: 32, max: 2 ** 32 - 1 }),
      uncompressedLength: fc.option(fc.nat(2 ** 32 - 1)),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((blobs) => {
    let offset = 0;
    return blobs.map((blob) => {
      const placed = { ...blob, offset };
      offset += blob.length;
      return placed;
    });
  });

describe("a pack's header", () => {
  it("is read as it was written", () => {
    fc.assert(
      fc.property(packedBlobs, (blobs) => {
        const end = blobs.reduce((sum, { length }) => sum + length, 0);
        assert.deepEqual(parsePackHeader(packId, encodePackHeader(blobs), end), blobs);
      }),
    );
  });

  it("lays out entries as the format says", () => {
    const header = encodePackHeader([
      { id: "01".repeat(32), type: "data", offset: 0, length: 0x01020304, uncompressedLength: null },
      { id: "02".repeat(32), type: "tree", offset: 0x01020304, length: 0x40, uncompressedLength: 0x0a0b },
    ]);
    const expected = `00${"04030201"}${"01".repeat(32)}${"03"}${"40000000"}${"0b0a0000"}${"02".repeat(32)}`;
    assert.equal(Buffer.from(header).toString("hex"), expected);
  });

  it("is refused with a reason, whatever bytes it consists of", () => {
    const bytes = fc.uint8Array({ maxLength: 400, size: "max" });
    fc.assert(
      fc.property(bytes, fc.nat(), (header, blobBytes) => {
        try {
          const blobs = parsePackHeader(packId, header, blobBytes);
          assert.deepEqual(encodePackHeader(blobs), header);
        } catch (error) {
          assert.match(String(error), /DamagedError: data\/abab.*the pack's header/);
        }
      }),
    );
  });

  it("is refused when cut short, when lengths do not add up and when it names nothing", () => {
    const blobs: PackedBlob[] = [
      { id: "01".repeat(32), type: "data", offset: 0, length: 100, uncompressedLength: null },
      { id: "02".repeat(32), type: "data", offset: 100, length: 50, uncompressedLength: 400 },
    ];
    const header = encodePackHeader(blobs);
    for (let length = 0; length < header.length; length++) {
      assert.throws(() => parsePackHeader(packId, header.subarray(0, length), 150), damaged);
    }
    assert.throws(() => parsePackHeader(packId, header, 149), damaged);
    assert.throws(() => parsePackHeader(packId, header, 151), damaged);
    header[0] = 4;
    assert.throws(() => parsePackHeader(packId, header, 150), /unknown kind 4/);
  });
});

describe("a pack", () => {
  it("gives its header and every blob back", async () => {
    const payloads = [1, 0, 5000, 70_000].map((length) => new Uint8Array(length).fill(length));
    const builder = createPackBuilder({ type: "data", cipher });
    for (const payload of payloads) builder.add(idOf(payload), payload, payload.length > 1000 ? 9 : null);
    const { sizeBytes } = builder;
    const pack = builder.finish();
    assert.ok(pack !== null);
    assert.equal(pack.bytes.length, sizeBytes);
    assert.equal(pack.id, idOf(pack.bytes));
    const blobs = await readHeader(pack.bytes);
    assert.deepEqual(blobs, pack.blobs);
    for (const [at, { offset, length }] of blobs.entries()) {
      assert.deepEqual(cipher.open(pack.bytes.subarray(offset, offset + length)), payloads[at]);
    }
  });

  it("takes a payload that is written where it will be sealed, and nothing when none is written", async () => {
    const builder = createPackBuilder({ type: "data", cipher });
    const payload = Buffer.from("payload");
    builder.add(packId, Buffer.from("first"), null);
    const written = builder.addWritten(packId, 100, 9, (target) => {
      assert.equal(target.length, 100);
      target.set(payload);
      return payload.length;
    });
    assert.deepEqual([written?.offset, written?.length], [37, 39]);
    assert.equal(
      builder.addWritten(packId, 100, 9, () => null),
      null,
    );
    const pack = builder.finish();
    assert.ok(pack !== null);
    assert.equal((await readHeader(pack.bytes)).length, 2);
    assert.deepEqual(Buffer.from(cipher.open(pack.bytes.subarray(37, 37 + 39)) ?? []), payload);
  });

  it("takes blobs that were sealed before", async () => {
    const sealed = cipher.seal(Buffer.from("a tree"));
    const builder = createPackBuilder({ type: "tree", cipher });
    builder.addSealed(packId, sealed, null);
    const pack = builder.finish();
    assert.ok(pack !== null);
    assert.deepEqual(await readHeader(pack.bytes), [
      { id: packId, type: "tree", offset: 0, length: sealed.length, uncompressedLength: null },
    ]);
  });

  it("is full at its target size, and takes a blob larger than that", async () => {
    const builder = createPackBuilder({ type: "tree", cipher, targetBytes: 1000 });
    builder.add(packId, new Uint8Array(500), null);
    assert.equal(builder.isFull, false);
    builder.add(packId, new Uint8Array(20_000_000), null);
    assert.equal(builder.isFull, true);
    const pack = builder.finish();
    assert.ok(pack !== null);
    assert.deepEqual(
      (await readHeader(pack.bytes)).map(({ length }) => length),
      [532, 20_000_032],
    );
  });

  it("begins anew when it was finished", () => {
    const builder = createPackBuilder({ type: "data", cipher });
    assert.equal(builder.finish(), null);
    builder.add(packId, new Uint8Array(10), null);
    const first = builder.finish();
    assert.deepEqual([builder.sizeBytes, builder.blobCount, builder.isFull], [0, 0, false]);
    builder.add(packId, new Uint8Array(20), null);
    const second = builder.finish();
    assert.notEqual(first?.bytes.buffer, second?.bytes.buffer);
    assert.deepEqual(
      second?.blobs.map(({ offset, length }) => ({ offset, length })),
      [{ offset: 0, length: 52 }],
    );
  });

  it("with a header longer than one read is read in two", async () => {
    const builder = createPackBuilder({ type: "data", cipher });
    for (let at = 0; at < 1000; at++) builder.add(packId, new Uint8Array(at), at % 2 === 0 ? null : at * 2);
    const pack = builder.finish();
    assert.ok(pack !== null);
    const reads: number[] = [];
    assert.deepEqual(await readHeader(pack.bytes, reads), pack.blobs);
    assert.equal(reads.length, 2);
  });

  it("that is damaged or no pack at all is refused, whatever its last bytes say", async () => {
    const builder = createPackBuilder({ type: "data", cipher });
    builder.add(packId, new Uint8Array(100), null);
    const pack = builder.finish();
    assert.ok(pack !== null);
    for (let length = 0; length < pack.bytes.length; length++) {
      await assert.rejects(readHeader(pack.bytes.subarray(0, length)), damaged);
    }
    for (let at = pack.bytes.length - 4 - 37 - 32; at < pack.bytes.length; at++) {
      const changed = pack.bytes.slice();
      changed[at]! ^= 0x80;
      await assert.rejects(readHeader(changed), damaged, `byte ${at}`);
    }
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200, size: "max" }), async (bytes) => {
        await assert.rejects(readHeader(bytes), damaged);
      }),
    );
  });
});

function readHeader(bytes: Uint8Array, reads: number[] = []): Promise<PackedBlob[]> {
  return readPackHeader({ id: idOf(bytes), sizeBytes: bytes.length }, cipher, async ({ offset, length }) => {
    reads.push(length);
    assert.ok(offset >= 0 && offset + length <= bytes.length, "reads within the pack");
    return bytes.slice(offset, offset + length);
  });
}
