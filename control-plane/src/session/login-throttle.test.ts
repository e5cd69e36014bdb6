import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { blockAfter } from "./login-throttle.ts";

it("the block grows with each failure and ends at 15 minutes", () => {
  assert.deepEqual(
    [4, 5, 6, 7, 12, 13, 1000].map((failures) => blockAfter("account", failures) / 1000),
    [0, 5, 10, 20, 640, 900, 900],
  );
  fc.assert(
    fc.property(fc.nat(10_000), (failures) => {
      assert.ok(blockAfter("account", failures) <= blockAfter("account", failures + 1));
      assert.ok(blockAfter("address", failures) <= blockAfter("account", failures));
    }),
  );
});
