import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { idOf } from "../blob/index.ts";
import { compress } from "../compression/index.ts";
import { createCipher, generateMasterKey } from "../crypto/index.ts";
import { createBlobOpener, createPackBuilder } from "../pack/index.ts";
import { examinePack } from "./pack-examination.ts";

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

  test("finds nothing in one that is whole", () => {
    assert.deepEqual(examinePack(id, bytes, blobs, opener), { faults: [], lostOffsets: [] });
  });

  test("finds any bit that is flipped, and loses no blob but the one it is in", () => {
    const end = blobs.at(-1)!.offset + blobs.at(-1)!.length;
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at]! ^= 1;
      const { faults, lostOffsets } = examinePack(id, changed, blobs, opener);
      assert.match(faults[0] ?? "", /not those that gave it its name/);
      const hit = blobs.filter(({ offset, length }) => at >= offset && at < offset + length);
      assert.deepEqual(
        lostOffsets,
        hit.map(({ offset }) => offset),
        `byte ${at}`,
      );
      if (at >= end) assert.ok(faults.length > 1, `byte ${at} is in the header`);
    }
  });

  test("finds where it ends", () => {
    for (const length of [0, 3, 10, blobs[1]!.offset + 5, bytes.length - 1]) {
      const { faults, lostOffsets } = examinePack(id, bytes.slice(0, length), blobs, opener);
      assert.ok(faults.length >= 2);
      assert.equal(lostOffsets.length, blobs.filter((blob) => blob.offset + blob.length > length).length);
    }
  });

  test("finds an index that says something else, and a blob with another name", () => {
    const [first, ...others] = blobs;
    assert.match(examinePack(id, bytes, others, opener).faults.join(), /other ones than the index/);
    const renamed = [{ ...first!, id: "ab".repeat(32) }, ...others];
    assert.match(examinePack(id, bytes, renamed, opener).faults.join(), /other content than its name says/);
    const longer = [{ ...first!, uncompressedLength: 9 }, ...others];
    assert.match(examinePack(id, bytes, longer, opener).faults.join(), /cannot be decompressed/);
  });
});
