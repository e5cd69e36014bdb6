import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type BlobType, type Id, idOf, type PackedBlob } from "../blob/index.ts";
import { createBlobIndex, openSharedBlobTable, type TableBlobIndex } from "./index.ts";

/** Few blobs and packs, so that they meet; ids that share their first word, so that they collide in the buckets. */
const blobIds = Array.from(
  { length: 12 },
  (_, i) => `${i < 6 ? "00000000" : idOf(Buffer.from([i])).slice(0, 8)}${idOf(Buffer.from([i])).slice(8)}`,
);
const packIds = Array.from({ length: 5 }, (_, i) => idOf(Buffer.from(`pack ${i}`)));
const indexIds = Array.from({ length: 3 }, (_, i) => idOf(Buffer.from(`index ${i}`)));

const type = fc.constantFrom<BlobType>("data", "tree");
const blob = fc.record({
  id: fc.constantFrom(...blobIds),
  type,
  offset: fc.constantFrom(0, 100, 2 ** 32 - 1),
  length: fc.integer({ min: 32, max: 2 ** 32 - 1 }),
  uncompressedLength: fc.option(fc.integer({ min: 1, max: 2 ** 32 - 1 })),
});

type Step =
  | { kind: "add"; pack: Id; blobs: PackedBlob[]; index: Id | null }
  | { kind: "remove"; packs: Id[] }
  | { kind: "claim"; type: BlobType; id: Id }
  | { kind: "release" }
  | { kind: "drop"; indexes: Id[] };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("add" as const),
      pack: fc.constantFrom(...packIds),
      blobs: fc.array(blob, { maxLength: 4 }),
      index: fc.option(fc.constantFrom(...indexIds)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("remove" as const),
      packs: fc.array(fc.constantFrom(...packIds), { maxLength: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("claim" as const), type, id: fc.constantFrom(...blobIds) }) },
  fc.record({ kind: fc.constant("release" as const) }),
  fc.record({ kind: fc.constant("drop" as const), indexes: fc.array(fc.constantFrom(...indexIds), { maxLength: 2 }) }),
);

/** The same with plain maps. */
class Model {
  readonly packs = new Map<Id, { blobs: PackedBlob[]; indexes: Set<Id> }>();
  readonly claimed = new Set<string>();

  places(type: BlobType, id: Id) {
    return [...this.packs].flatMap(([packId, { blobs }]) =>
      blobs
        .filter((b) => b.type === type && b.id === id)
        .map(({ offset, length, uncompressedLength }) => ({ packId, offset, length, uncompressedLength })),
    );
  }

  run(step: Step): boolean | undefined {
    switch (step.kind) {
      case "add": {
        const pack = this.packs.get(step.pack) ?? { blobs: [], indexes: new Set<Id>() };
        this.packs.set(step.pack, pack);
        if (step.index !== null) pack.indexes.add(step.index);
        for (const b of step.blobs) {
          if (pack.blobs.some((known) => known.id === b.id && known.type === b.type && known.offset === b.offset))
            continue;
          pack.blobs.push(b);
          this.claimed.delete(b.type + b.id);
        }
        return undefined;
      }
      case "remove":
        for (const id of step.packs) this.packs.delete(id);
        return undefined;
      case "claim":
        if (this.claimed.has(step.type + step.id) || this.places(step.type, step.id).length > 0) return false;
        this.claimed.add(step.type + step.id);
        return true;
      case "release":
        this.claimed.clear();
        return undefined;
      case "drop":
        for (const [id, { indexes }] of this.packs) {
          const had = indexes.size;
          for (const index of step.indexes) indexes.delete(index);
          if (had > 0 && indexes.size === 0) this.packs.delete(id);
        }
        return undefined;
    }
  }
}

function run(index: TableBlobIndex, step: Step): boolean | undefined {
  switch (step.kind) {
    case "add":
      index.addPack(step.pack, step.blobs, step.index);
      return undefined;
    case "remove":
      index.removePacks(new Set(step.packs));
      return undefined;
    case "claim":
      return openSharedBlobTable(index.shared).claim(step.type, Buffer.from(step.id, "hex"));
    case "release":
      index.releaseClaims();
      return undefined;
    case "drop":
      index.dropIndexes(new Set(step.indexes));
      return undefined;
  }
}

const byPlace = (a: { packId: Id; offset: number }, b: { packId: Id; offset: number }) =>
  a.packId < b.packId ? -1 : a.packId > b.packId ? 1 : a.offset - b.offset;

function compare(index: TableBlobIndex, model: Model): void {
  let known = 0;
  const numbers = new Set<number>();
  for (const type of ["data", "tree"] as const) {
    for (const id of blobIds) {
      const places = model.places(type, id).sort(byPlace);
      assert.deepEqual([...index.findAll(type, id)].sort(byPlace), places);
      assert.equal(index.has(type, id), places.length > 0);
      const number = index.blobNumber(type, id);
      if (places.length === 0) {
        assert.equal(index.find(type, id), null);
        assert.equal(index.plaintextLength(type, id), null);
        assert.equal(number, -1);
        continue;
      }
      known++;
      numbers.add(number);
      assert.ok(number < index.blobNumberLimit);
      const first = index.find(type, id)!;
      assert.ok(places.some((place) => place.packId === first.packId && place.offset === first.offset));
      assert.equal(index.plaintextLength(type, id), first.uncompressedLength ?? first.length - 32);
    }
  }
  assert.equal(index.blobCount, known);
  assert.equal(numbers.size, known);
  assert.equal(index.claimedCount, model.claimed.size);
  const packs = Array.from(index.packs(), ({ id, indexIds }) => ({ id, indexIds: [...indexIds].sort() })).sort(
    (a, b) => (a.id < b.id ? -1 : 1),
  );
  const expected = Array.from(model.packs, ([id, { indexes }]) => ({ id, indexIds: [...indexes].sort() })).sort(
    (a, b) => (a.id < b.id ? -1 : 1),
  );
  assert.deepEqual(packs, expected);
  for (const id of packIds) {
    const key = (b: PackedBlob) => `${b.offset} ${b.type} ${b.id}`;
    const blobs = [...(model.packs.get(id)?.blobs ?? [])];
    assert.deepEqual([...index.blobsOfPack(id)].map(key).sort(), blobs.map(key).sort());
  }
}

test("the table answers as plain maps do, whatever is added, claimed and removed", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const [index, model] = [createBlobIndex(), new Model()];
      for (const each of steps) assert.equal(run(index, each), model.run(each));
      compare(index, model);
    }),
    { numRuns: 300 },
  );
});

test("a table that has grown many times still finds everything", () => {
  const index = createBlobIndex();
  const claims = openSharedBlobTable(index.shared);
  const ids = Array.from({ length: 30_000 }, (_, i) => idOf(Buffer.from(`blob ${i}`)));
  for (let at = 0; at < ids.length; at += 10) {
    const blobs = ids
      .slice(at, at + 10)
      .map((id, i): PackedBlob => ({ id, type: "data", offset: i * 100, length: 100, uncompressedLength: null }));
    index.addPack(idOf(Buffer.from(`pack ${at}`)), blobs, null);
  }
  assert.equal(index.blobCount, ids.length);
  for (const [i, id] of ids.entries()) assert.equal(index.find("data", id)?.offset, (i % 10) * 100);
  assert.equal(claims.claim("data", Buffer.from(ids[77]!, "hex")), false);
  assert.equal([...index.packs()].length, 3000);
});

test("a blob is known when it is stored or claimed, and asking claims nothing", () => {
  const index = createBlobIndex();
  const claims = openSharedBlobTable(index.shared);
  const id = Buffer.from(idOf(Buffer.from("a blob")), "hex");
  assert.equal(claims.isKnown("data", id), false);
  assert.equal(claims.isKnown("data", id), false);
  assert.equal(claims.claim("data", id), true);
  assert.equal(claims.isKnown("data", id), true);
  assert.equal(claims.isKnown("tree", id), false);
  index.releaseClaims();
  assert.equal(claims.isKnown("data", id), false);
});

test("text that is no id is in no table", () => {
  const index = createBlobIndex();
  for (const id of ["", "xyz", `${"0".repeat(63)}g`, "0".repeat(65)]) assert.equal(index.has("data", id), false);
  assert.throws(() => index.addPack("x", [], null), /no id/);
  assert.throws(() => openSharedBlobTable(index.shared).claim("data", new Uint8Array(31)), /32 bytes/);
});
