import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { byteString, joinBytes } from "../byte-string/index.ts";
import { InputError } from "../error/index.ts";
import { planSegments, type WantedBlob } from "../pack/plan-segments.ts";
import { decideOverwrite, type EntryFacts } from "./overwrite-decision.ts";
import type { OverwritePolicy } from "./restore-options.ts";
import { createSelection } from "./selection.ts";
import { temporaryName } from "./temporary-name.ts";
import { dataStretches } from "./write-content.ts";

test("what becomes of an existing entry follows from the policy, the type, the size and the time", () => {
  const entry = (type: EntryFacts["type"], size: number, mtimeNs: bigint): EntryFacts => ({ type, size, mtimeNs });
  const wanted = entry("file", 10, 100n);
  const cases: readonly [OverwritePolicy, EntryFacts, string][] = [
    ["always", entry("file", 10, 100n), "compare"],
    ["always", entry("file", 11, 100n), "compare"],
    ["always", entry("symlink", 10, 100n), "replace"],
    ["if-changed", entry("file", 10, 100n), "trust"],
    ["if-changed", entry("file", 11, 100n), "compare"],
    ["if-changed", entry("file", 10, 101n), "compare"],
    ["if-changed", entry("dir", 10, 100n), "replace"],
    ["if-newer", entry("file", 10, 100n), "keep"],
    ["if-newer", entry("file", 10, 101n), "keep"],
    ["if-newer", entry("file", 10, 99n), "compare"],
    ["if-newer", entry("fifo", 0, 99n), "replace"],
    ["never", entry("dir", 0, 0n), "keep"],
  ];
  for (const [policy, existing, decision] of cases) {
    assert.equal(decideOverwrite(policy, wanted, existing), decision, `${policy} ${existing.type} ${existing.mtimeNs}`);
  }
  assert.equal(decideOverwrite("if-changed", entry("symlink", 0, 1n), entry("symlink", 0, 1n)), "compare");
});

test("a temporary name is hidden, short enough, and another for another name", () => {
  const names = fc.string({ unit: fc.constantFrom("a", "\xff", ".", "b"), minLength: 1, maxLength: 255 });
  fc.assert(
    fc.property(names, names, (left, right) => {
      const [first, second] = [temporaryName(joinBytes(left)), temporaryName(joinBytes(right))];
      assert.ok(first.length <= 255 && first.startsWith(".") && first.endsWith(".mycloud-partial"));
      assert.equal(first === second, left === right);
    }),
  );
});

test("directories above what was backed up are only the way there", () => {
  const selection = createSelection({ snapshot: { tree: "", paths: ["/home/ada", "/etc/"] } });
  const onTheWay = (path: string) => selection.isOnTheWay(byteString(path));
  assert.deepEqual(["/", "/home", "/home/ad", "/home/ada", "/home/ada/x", "/etc", "/etc/a"].filter(onTheWay), [
    "/",
    "/home",
    "/home/ad",
  ]);
  const below = createSelection({ snapshot: { tree: "", paths: ["/home/ada"] }, subfolder: byteString("/home/ada/x") });
  assert.equal(below.isOnTheWay(byteString("/")), false);
});

test("includes take what they match and lead there, excludes leave out, both together both", () => {
  const snapshot = { tree: "", paths: ["/"] };
  const of = (options: Parameters<typeof createSelection>[0], path: string) =>
    createSelection(options).of(byteString(path));
  assert.deepEqual(of({ snapshot, includes: ["/a/b"] }, "/a"), { isSelected: false, childMayBeSelected: true });
  assert.equal(of({ snapshot, includes: ["/a/b"] }, "/a/b/c").isSelected, true);
  assert.deepEqual(of({ snapshot, includes: ["/a/b"] }, "/c"), { isSelected: false, childMayBeSelected: false });
  assert.equal(of({ snapshot, excludes: ["*.o"] }, "/a/x.o").isSelected, false);
  assert.equal(of({ snapshot, includes: ["/a"], excludes: ["*.o"] }, "/a/x.o").isSelected, false);
  assert.equal(of({ snapshot, includes: ["/a"], excludes: ["*.o"] }, "/a/x.c").isSelected, true);
  assert.equal(of({ snapshot, caseIgnoredIncludes: ["*.JPG"] }, "/a/x.jpg").isSelected, true);
  assert.throws(() => of({ snapshot, includes: ["[a"] }, "/"), InputError);
});

test("every blob is read once for each portion of its places, in segments that keep their limits", () => {
  const limits = { gapBytes: 50, segmentBytes: 1000, places: 4 };
  const blob = fc.record({
    pack: fc.integer({ min: 0, max: 2 }),
    gap: fc.integer({ min: 0, max: 120 }),
    length: fc.integer({ min: 33, max: 1500 }),
    places: fc.integer({ min: 1, max: 11 }),
  });
  fc.assert(
    fc.property(fc.array(blob, { maxLength: 40 }), fc.boolean(), (sketches, isReversed) => {
      const ends = [0, 0, 0];
      const wanted = sketches.map(({ pack, gap, length, places }, at): WantedBlob<string> => {
        const offset = ends[pack]! + gap;
        ends[pack] = offset + length;
        const location = { packId: `pack${pack}`, offset, length, uncompressedLength: null };
        return { id: `blob${at}`, location, places: Array.from({ length: places }, (_, place) => `${at}:${place}`) };
      });
      const segments = planSegments(isReversed ? wanted.toReversed() : wanted, limits);
      const byId = new Map(wanted.map((each) => [each.id, each]));
      const placed: string[] = [];
      for (const { packId, offset, length, blobs } of segments) {
        assert.ok(length <= limits.segmentBytes || blobs.length === 1);
        assert.ok(blobs.reduce((sum, { places }) => sum + places.length, 0) <= limits.places);
        for (const part of blobs) {
          const { location } = byId.get(part.id)!;
          assert.deepEqual([location.packId, location.offset], [packId, offset + part.offset]);
          assert.equal(location.length, part.length);
          assert.ok(part.offset + part.length <= length);
          placed.push(...part.places);
        }
      }
      assert.deepEqual(placed.sort(), wanted.flatMap(({ places }) => places).sort());
    }),
  );
});

test("what is left out of a sparse file is zero, whole blocks, and nothing else is left out that could be", () => {
  const run = fc.record({ value: fc.constantFrom(0, 0, 1), length: fc.integer({ min: 1, max: 9000 }) });
  fc.assert(
    fc.property(fc.array(run, { maxLength: 8 }), fc.integer({ min: 0, max: 10000 }), (runs, position) => {
      const bytes = Buffer.concat(runs.map(({ value, length }) => Buffer.alloc(length, value)));
      const written = Buffer.alloc(bytes.length);
      let end = 0;
      for (const [from, to] of dataStretches(bytes, position)) {
        assert.ok(from >= end && to > from);
        bytes.copy(written, from, from, to);
        end = to;
      }
      assert.ok(written.equals(bytes));
      const isLeftOut = (at: number) =>
        ![...dataStretches(bytes, position)].some(([from, to]) => at >= from && at < to);
      for (let block = Math.ceil(position / 4096) * 4096; block + 4096 <= position + bytes.length; block += 4096) {
        const start = block - position;
        const isZero = bytes.subarray(start, start + 4096).every((byte) => byte === 0);
        assert.equal(isLeftOut(start), isZero);
      }
    }),
    { numRuns: 40 },
  );
});
