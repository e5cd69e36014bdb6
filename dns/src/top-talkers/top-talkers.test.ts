import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { HeavyHitters, mergeHeavyHitters } from "./heavy-hitters.ts";
import { Sampler } from "./sampler.ts";

describe("HeavyHitters", () => {
  it("names every key that is more than its share, and counts none too low", () => {
    const capacity = 8;
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 9 })), { maxLength: 300 }), (seen) => {
        const hitters = new HeavyHitters(capacity);
        const counts = new Map<string, number>();
        for (const [key, weight] of seen) {
          hitters.add(String(key), weight);
          counts.set(String(key), (counts.get(String(key)) ?? 0) + weight);
        }
        const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
        const top = hitters.take(capacity);
        assert.ok(top.length <= capacity);
        for (const { key, count, error } of top) {
          const real = counts.get(key) ?? 0;
          assert.ok(count >= real && count - error <= real, `${key}: ${count} - ${error}, really ${real}`);
        }
        const certain = [...counts].filter(([, count]) => count > (2 * total) / capacity).map(([key]) => key);
        const named = new Set(top.map(({ key }) => key));
        assert.deepEqual(
          certain.filter((key) => !named.has(key)),
          [],
        );
      }),
    );
  });

  it("begins anew when its list was taken", () => {
    const hitters = new HeavyHitters(2);
    hitters.add("a");
    assert.deepEqual(hitters.take(9), [{ key: "a", count: 1, error: 0 }]);
    assert.deepEqual(hitters.take(9), []);
  });

  it("of several processes are one list", () => {
    const one = [{ key: "a", count: 3, error: 1 }];
    const two = [
      { key: "b", count: 4, error: 0 },
      { key: "a", count: 2, error: 0 },
    ];
    assert.deepEqual(mergeHeavyHitters([one, two], 2), [
      { key: "a", count: 5, error: 1 },
      { key: "b", count: 4, error: 0 },
    ]);
  });
});

describe("Sampler", () => {
  it("looks at each query while there are few, and at some of many, which then stand for as many", () => {
    const sampler = new Sampler(10, 4);
    let stoodFor = 0;
    let looks = 0;
    for (let query = 0; query < 410; query += 1) {
      const weight = sampler.weigh(1_000);
      stoodFor += weight;
      if (weight > 0) looks += 1;
    }
    assert.deepEqual([stoodFor, looks], [410, 110]);
    assert.equal(sampler.weigh(1_100), 1);
    assert.equal(sampler.weigh(5), 1);
  });
});
