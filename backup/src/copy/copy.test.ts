import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PackedBlob } from "../blob/index.ts";
import type { StoredSnapshot } from "../snapshot/index.ts";
import { joinRanges } from "./pack-ranges.ts";
import { findCopy } from "./same-snapshot.ts";

const snapshot: StoredSnapshot = {
  id: "1".repeat(64),
  sequence: 4,
  time: "2026-03-01T12:00:00.5+01:00",
  tree: "2".repeat(64),
  parent: "3".repeat(64),
  paths: ["/etc", "/home"],
  hostname: "host.example.org",
  tags: ["a", "b"],
  excludes: ["*.o"],
};
const { parent: _, ...withoutParent } = snapshot;
const copy: StoredSnapshot = { ...withoutParent, id: "4".repeat(64), sequence: 1, original: snapshot.id };

describe("a copy of a snapshot", () => {
  it("is known by its original, whatever its id, its parent and its place", () => {
    assert.equal(findCopy(snapshot, [{ ...copy, original: "5".repeat(64) }, copy])?.id, copy.id);
  });

  it("is the snapshot itself where both repositories have it", () => {
    assert.equal(findCopy(snapshot, [snapshot])?.id, snapshot.id);
  });

  it("of a copy is a copy of the first", () => {
    const second = { ...copy, id: "6".repeat(64) };
    assert.equal(findCopy(copy, [second])?.id, second.id);
  });

  it("may write the same in other words", () => {
    const same = { ...copy, time: "2026-03-01T11:00:00.500Z", paths: ["/home", "/etc"], tags: ["b", "a"] };
    assert.equal(findCopy(snapshot, [same])?.id, copy.id);
  });

  it("is none when it says something else", () => {
    const others: Partial<StoredSnapshot>[] = [
      { time: "2026-03-01T12:00:00.500000001+01:00" },
      { tree: "7".repeat(64) },
      { hostname: "other.example.org" },
      { username: "root" },
      { uid: 7 },
      { paths: ["/etc"] },
      { tags: ["a"] },
      { excludes: [] },
    ];
    for (const other of others) assert.equal(findCopy(snapshot, [{ ...copy, ...other }]), null, JSON.stringify(other));
  });
});

describe("the ranges of a pack", () => {
  const blob = (offset: number, length: number): PackedBlob => ({
    id: offset.toString(16).padStart(64, "0"),
    type: "data",
    offset,
    length,
    uncompressedLength: null,
  });

  it("join what lies near and leave out what lies far", () => {
    const blobs = [blob(5_000_000, 100), blob(0, 100), blob(200, 50), blob(400_000, 10)];
    const ranges = joinRanges("ab", blobs).map(({ offset, length, blobs: { length: count } }) => [
      offset,
      length,
      count,
    ]);
    assert.deepEqual(ranges, [
      [0, 400_010, 3],
      [5_000_000, 100, 1],
    ]);
  });

  it("are none where nothing is wanted", () => assert.deepEqual(joinRanges("ab", []), []));
});
