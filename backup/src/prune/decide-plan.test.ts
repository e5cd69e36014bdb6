import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { decidePlan } from "./decide-plan.ts";
import type { PackUse } from "./pack-use.ts";
import type { PruneLimits } from "./plan.ts";

const mebibyte = 2 ** 20;

/** A pack by megabytes: used, unused. */
function pack(id: string, used: number, unused: number, more: Partial<PackUse> = {}): PackUse {
  return {
    id,
    type: "data",
    usedBlobs: used,
    usedBytes: used * mebibyte,
    duplicateBlobs: 0,
    duplicateBytes: 0,
    unusedBlobs: unused,
    unusedBytes: unused * mebibyte,
    headerBytes: 100,
    ...more,
  };
}

function plan(uses: readonly PackUse[], limits: PruneLimits = {}) {
  return decidePlan({ uses, unreferenced: [{ id: "stray", sizeBytes: 7 }], missing: ["gone"] }, limits);
}

describe("a prune plan", () => {
  const uses = [pack("full", 16, 0), pack("half", 8, 8), pack("most", 15, 1), pack("none", 0, 16), pack("bad", 2, 14)];

  test("removes what nothing needs and rewrites the worst first, until little enough is wasted", () => {
    const { packsToRemove, packsToRepack, packsKept, ...rest } = plan(uses);
    assert.deepEqual([packsToRemove, packsToRepack, packsKept], [["none"], ["bad", "half"], 2]);
    assert.deepEqual([rest.packsUnreferenced, rest.packsMissing], [["stray"], ["gone"]]);
    assert.equal(rest.unusedBytesAfter, mebibyte);
    assert.equal(rest.repackFreed.bytes, 22 * mebibyte);
    assert.equal(rest.totalBytesBefore - rest.totalBytesAfter, 38 * mebibyte + 100 + 7);
  });

  test("stops at the waste that is allowed", () => {
    assert.deepEqual(plan(uses, { maxUnused: { isUnlimited: true } }).packsToRepack, []);
    assert.deepEqual(plan(uses, { maxUnused: { bytes: 9 * mebibyte } }).packsToRepack, ["bad"]);
    assert.deepEqual(plan(uses, { maxUnused: { percentOfRepository: 50 } }).packsToRepack, []);
    assert.deepEqual(plan(uses, { maxUnused: { bytes: 0 } }).packsToRepack, ["bad", "half", "most"]);
  });

  test("stops at the bytes that may be rewritten", () => {
    const limits = { maxUnused: { bytes: 0 }, maxRepackBytes: 17 * mebibyte };
    assert.deepEqual(plan(uses, limits).packsToRepack, ["bad"]);
    assert.deepEqual(plan(uses, { ...limits, maxRepackBytes: 0 }).packsToRepack, []);
  });

  test("keeps packs of trees dense, and takes mixed ones apart", () => {
    const special = [
      pack("trees", 15, 1, { type: "tree" }),
      pack("mixed", 16, 0, { type: "mixed" }),
      pack("data", 8, 8),
    ];
    const limits = { maxUnused: { isUnlimited: true } } as const;
    assert.deepEqual(plan(special, limits).packsToRepack.toSorted(), ["mixed", "trees"]);
    assert.deepEqual(plan(special, { ...limits, repackCacheableOnly: true }).packsToRepack.toSorted(), [
      "mixed",
      "trees",
    ]);
    assert.deepEqual(plan(special, { maxUnused: { bytes: 0 }, repackCacheableOnly: true }).packsToRepack.length, 2);
  });

  test("joins small packs only where they become fewer", () => {
    const small = [pack("a", 3, 0), pack("b", 4, 0), pack("trees", 1, 0, { type: "tree" })];
    assert.deepEqual(plan(small).packsToRepack, []);
    assert.deepEqual(plan(small, { repackSmall: true }).packsToRepack.toSorted(), ["a", "b"]);
    assert.deepEqual(plan([pack("a", 12, 0), pack("b", 12, 0)], { repackSmall: true }).packsToRepack, []);
  });

  const packs = fc.array(
    fc.record({
      used: fc.nat(16),
      unused: fc.nat(16),
      duplicate: fc.nat(4),
      type: fc.constantFrom("data" as const, "tree" as const, "mixed" as const),
    }),
    { maxLength: 20 },
  );

  test("never removes a pack that is used, and names each pack at most once", () => {
    fc.assert(
      fc.property(packs, fc.boolean(), fc.nat(100), (list, repackSmall, percentOfRepository) => {
        const uses = list.map(({ used, unused, duplicate, type }, at) =>
          pack(`p${at}`, used, unused, { type, duplicateBlobs: duplicate, duplicateBytes: duplicate * mebibyte }),
        );
        const { packsToRemove, packsToRepack, packsKept, unusedBytesAfter } = plan(uses, {
          repackSmall,
          maxUnused: { percentOfRepository },
        });
        for (const use of uses) assert.equal(packsToRemove.includes(use.id), use.usedBlobs === 0);
        assert.equal(new Set([...packsToRemove, ...packsToRepack]).size + packsKept, uses.length);
        assert.ok(unusedBytesAfter >= 0);
        const used = uses.reduce((bytes, { usedBytes }) => bytes + usedBytes, 0);
        if (percentOfRepository < 100) {
          assert.ok(unusedBytesAfter <= (used + unusedBytesAfter) * (percentOfRepository / 100) + 1);
        }
      }),
    );
  });
});
