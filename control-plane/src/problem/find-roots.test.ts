import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { findRoots } from "./find-roots.ts";

const bad = (key: string, causes: string[] = [], businessImpact = 2) => ({ key, causes, businessImpact });

test("what follows from something bad has that, followed to its end, as root", () => {
  const found = findRoots([bad("host-1"), bad("host-2", ["host-1"]), bad("service-3", ["host-2"]), bad("service-4")]);
  assert.deepEqual(
    [...found].map(([key, { roots, impactCount }]) => [key, roots, impactCount]),
    [
      ["host-1", [], 2],
      ["host-2", ["host-1"], 0],
      ["service-3", ["host-1"], 0],
      ["service-4", [], 0],
    ],
  );
});

test("a root has the highest business impact of what follows from it", () => {
  const found = findRoots([bad("host-1", [], 1), bad("service-2", ["host-1"], 5), bad("service-3", ["host-1"], 3)]);
  assert.deepEqual(
    [...found.values()].map(({ businessImpact }) => businessImpact),
    [5, 5, 3],
  );
});

test("causes that are fine are none", () => {
  assert.deepEqual(findRoots([bad("service-1", ["host-9"])]).get("service-1")?.roots, []);
});

test("of several roots the one of the highest business impact is first", () => {
  const found = findRoots([
    bad("service-1", [], 1),
    bad("service-2", [], 4),
    bad("service-3", ["service-1", "service-2"], 2),
  ]);
  assert.deepEqual(found.get("service-3")?.roots, ["service-2", "service-1"]);
});

test("whatever follows from whatever, roots are bad objects that end", () => {
  const key = fc.integer({ min: 0, max: 6 }).map((id) => `service-${id}`);
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.record({ key, causes: fc.array(key, { maxLength: 3 }), businessImpact: fc.nat(5) }), {
        selector: (one) => one.key,
      }),
      (objects) => {
        const keys = new Set(objects.map((object) => object.key));
        const found = findRoots(objects);
        assert.equal(found.size, objects.length);
        for (const [own, { roots, businessImpact }] of found) {
          assert.ok(roots.every((root) => keys.has(root) && root !== own));
          assert.ok(businessImpact >= objects.find((object) => object.key === own)!.businessImpact);
        }
      },
    ),
  );
});
