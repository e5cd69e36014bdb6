import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createBlobIndex } from "../index/index.ts";
import { BlobBitmap } from "../reachability/index.ts";
import { measurePackUse } from "./pack-use.ts";

const idOf = (number: number) => number.toString(16).padStart(64, "0");

/** An index of packs, each a list of blob numbers. */
function indexOf(packs: readonly (readonly number[])[]) {
  const index = createBlobIndex();
  packs.forEach((blobs, at) => {
    const packed = blobs.map((blob, place) => ({
      id: idOf(blob),
      type: "data" as const,
      offset: place * 100,
      length: 100,
      uncompressedLength: null,
    }));
    index.addPack(idOf(1000 + at), packed, idOf(2000));
  });
  return index;
}

test("of a blob in several packs one place counts, in a pack that is used anyway", () => {
  const index = indexOf([
    [1, 2, 3],
    [1, 4],
    [2, 5],
  ]);
  const needed = new BlobBitmap(index);
  for (const blob of [1, 2, 4]) needed.add("data", idOf(blob));
  const uses = measurePackUse(index, needed, () => true);
  const counts = [...uses.values()].map((use) => [use.usedBlobs, use.duplicateBlobs, use.unusedBlobs]);
  assert.deepEqual(counts, [
    [0, 2, 1],
    [2, 0, 0],
    [1, 0, 1],
  ]);
});

test("every needed blob has exactly one used place among the packs that exist", () => {
  const packs = fc.array(fc.uniqueArray(fc.nat(12), { minLength: 1 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(packs, fc.uniqueArray(fc.nat(12)), fc.nat(8), (list, wanted, missing) => {
      const index = indexOf(list);
      const needed = new BlobBitmap(index);
      for (const blob of wanted) needed.add("data", idOf(blob));
      const isPresent = (packId: string) => packId !== idOf(1000 + missing);
      const uses = [...measurePackUse(index, needed, isPresent).values()];
      const there = list.filter((_, at) => at !== missing);
      const expected = wanted.filter((blob) => there.some((blobs) => blobs.includes(blob))).length;
      assert.equal(
        uses.reduce((sum, { usedBlobs }) => sum + usedBlobs, 0),
        expected,
      );
      const places = there.flat().length;
      assert.equal(
        uses.reduce((sum, use) => sum + use.usedBlobs + use.duplicateBlobs + use.unusedBlobs, 0),
        places,
      );
    }),
    { numRuns: 500 },
  );
});

test("more places than can be counted leave one used", () => {
  const index = indexOf(Array.from({ length: 600 }, (_, at) => [1, 10 + at]));
  const needed = new BlobBitmap(index);
  needed.add("data", idOf(1));
  const uses = [...measurePackUse(index, needed, () => true).values()];
  assert.equal(
    uses.reduce((sum, { usedBlobs }) => sum + usedBlobs, 0),
    1,
  );
});
