import assert from "node:assert/strict";
import { test } from "node:test";
import { readJsonObject } from "./read-json-object.ts";

test("an object is read, and anything else says why not", () => {
  assert.deepEqual(readJsonObject('{ "a": [1] }'), { ok: true, value: { a: [1] } });
  assert.deepEqual(readJsonObject("  "), { ok: true, value: {} });
  for (const text of ["[]", "null", "3", "{", "{a: 1}"]) assert.equal(readJsonObject(text).ok, false, text);
});
