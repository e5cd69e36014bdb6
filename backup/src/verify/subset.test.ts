import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { choosePacks, parsePackSubset } from "./subset.ts";

const packs = Array.from({ length: 100 }, (_, at) => ({
  id: ((at * 37) % 256)
    .toString(16)
    .padStart(2, "0")
    .padEnd(64, String(at % 10)),
  sizeBytes: 1000,
}));

describe("a subset of packs", () => {
  test("is read as restic's option has it", () => {
    assert.deepEqual(parsePackSubset("2/5"), { kind: "part", n: 2, t: 5 });
    assert.deepEqual(parsePackSubset("2.5%"), { kind: "percent", percent: 2.5 });
    assert.deepEqual(parsePackSubset("500M"), { kind: "bytes", bytes: 500 * 2 ** 20 });
    assert.deepEqual(parsePackSubset("7"), { kind: "bytes", bytes: 7 });
    for (const wrong of ["", "0/5", "6/5", "1/257", "0%", "101%", "-5%", "x", "0", "5Q", "1/5/2"]) {
      assert.throws(() => parsePackSubset(wrong), { code: "MYCLOUD_BACKUP_INPUT" }, wrong);
    }
  });

  test("of parts covers every pack once", () => {
    const parts = [1, 2, 3, 4, 5, 6, 7].map((n) => choosePacks(packs, { kind: "part", n, t: 7 }, Math.random));
    assert.deepEqual(
      parts
        .flat()
        .map(({ id }) => id)
        .sort(),
      packs.map(({ id }) => id).sort(),
    );
  });

  test("at random has so many packs, and others each time", () => {
    const choose = (random: () => number) =>
      choosePacks(packs, { kind: "percent", percent: 10 }, random).map(({ id }) => id);
    assert.equal(new Set(choose(() => 0.3)).size, 10);
    assert.notDeepEqual(
      choose(() => 0.3),
      choose(() => 0.8),
    );
    assert.equal(choosePacks(packs, { kind: "bytes", bytes: 25_000 }, () => 0).length, 25);
    assert.equal(choosePacks(packs, { kind: "bytes", bytes: 1 }, () => 0).length, 1);
    assert.equal(choosePacks([], { kind: "percent", percent: 5 }, () => 0).length, 0);
    assert.equal(choosePacks(packs, { kind: "all" }, () => 0).length, 100);
  });
});
