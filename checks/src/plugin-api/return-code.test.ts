import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { hostStateOf, type ReturnCode, returnCodeOf, serviceStateOf, toReturnCode, worstOf } from "./return-code.ts";

const returnCode = fc.constantFrom<ReturnCode>(0, 1, 2, 3);

test("an exit status outside 0 to 3 is UNKNOWN", () => {
  for (const code of [-1, 4, 7, 9, 127, 255, 1.5, Number.NaN, Infinity])
    assert.equal(toReturnCode(code), 3, String(code));
  for (const code of [0, 1, 2, 3]) assert.equal(toReturnCode(code), code);
});

test("a service state and its return code name each other", () => {
  assert.deepEqual(([0, 1, 2, 3] as const).map(serviceStateOf), ["OK", "WARNING", "CRITICAL", "UNKNOWN"]);
  fc.assert(fc.property(returnCode, (code) => returnCodeOf(serviceStateOf(code)) === code));
});

test("a passive host result of 0, 1, 2 is UP, DOWN, UNREACHABLE and nothing else is UP", () => {
  assert.deepEqual([0, 1, 2, 3, -1, 9].map(hostStateOf), ["UP", "DOWN", "UNREACHABLE", "DOWN", "DOWN", "DOWN"]);
});

test("the worst state is CRITICAL, then WARNING, then UNKNOWN, then OK", () => {
  const table: [ReturnCode[], ReturnCode][] = [
    [[0, 3], 3],
    [[3, 1], 1],
    [[1, 3, 2], 2],
    [[0, 0], 0],
    [[], 3],
  ];
  for (const [codes, worst] of table) assert.equal(worstOf(codes), worst, codes.join(" "));
});

test("the worst state is one of the given and does not depend on their order", () => {
  fc.assert(
    fc.property(fc.array(returnCode, { minLength: 1 }), (codes) => {
      assert.ok(codes.includes(worstOf(codes)));
      assert.equal(worstOf(codes.toReversed()), worstOf(codes));
    }),
  );
});
