import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { drawByWeight, pickByWeight } from "./weighting.ts";

describe("pickByWeight", () => {
  it("picks each as often as it weighs", () => {
    const counts = [0, 0, 0, 0];
    for (let draw = 0; draw < 1_000; draw += 1) {
      const picked = pickByWeight([1, 0, 3, 6], draw / 1_000);
      counts[picked] = (counts[picked] ?? 0) + 1;
    }
    assert.deepEqual(counts, [100, 0, 300, 600]);
  });

  it("picks all alike where none weighs anything, and always one that is there", () => {
    assert.deepEqual(
      [0, 0.3, 0.6, 0.99].map((random) => pickByWeight([0, 0, 0, 0], random)),
      [0, 1, 2, 3],
    );
    const anyWeights = fc.array(fc.nat(65_535), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(anyWeights, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (weights, random) => {
        const picked = pickByWeight(weights, random);
        assert.ok(picked >= 0 && picked < weights.length);
        assert.ok((weights[picked] ?? 0) > 0 || weights.every((weight) => weight === 0));
      }),
    );
  });
});

describe("drawByWeight", () => {
  it("draws as many different ones as are wanted and weigh anything", () => {
    const anyWeights = fc.array(fc.nat(3), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(
        anyWeights,
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.double({ min: 0, max: 0.999, noNaN: true })),
        (weights, count, randoms) => {
          let at = 0;
          const drawn = drawByWeight(weights, count, () => randoms[at++ % Math.max(1, randoms.length)] ?? 0);
          const positive = weights.filter((weight) => weight > 0).length;
          assert.equal(new Set(drawn).size, drawn.length);
          assert.equal(drawn.length, Math.min(count, positive === 0 ? weights.length : positive));
          assert.ok(positive === 0 || drawn.every((index) => (weights[index] ?? 0) > 0));
        },
      ),
    );
  });
});
