import assert from "node:assert/strict";
import { test } from "node:test";
import { placeOf } from "./place-of.ts";

const records = (ids: string) => [...ids].map((id) => ({ id }));

test("the focus stays on its record as others come before it, and in its place when the record has gone", () => {
  assert.equal(placeOf(records("abc"), { id: "b", at: 1 }), 1);
  assert.equal(placeOf(records("xyabc"), { id: "b", at: 1 }), 3);
  assert.equal(placeOf(records("xyz"), { id: "b", at: 1 }), 1);
  assert.equal(placeOf(records("x"), { id: "b", at: 5 }), 0);
  assert.equal(placeOf([], { id: null, at: 0 }), 0);
  assert.equal(placeOf(records("ab"), { id: null, at: 0 }), 0);
});
