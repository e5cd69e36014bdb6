import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  JsonShapeError,
  readAny,
  readByName,
  readCount,
  readList,
  readNullable,
  readNumber,
  readObject,
  readOneOf,
  readOrNull,
  readText,
  readWithDefault,
} from "./read-json.ts";

const read = readObject({
  id: readText,
  count: readCount,
  at: readNullable(readNumber),
  state: readOneOf(["start", "end"]),
  names: readWithDefault(readList(readText), ["none"]),
  parts: readByName(readAny),
});

test("what was written is read as it was, and members that nobody asked for are left out", () => {
  const kept = { id: "a", count: 3, at: null, state: "end", names: ["x"], parts: { p: [1, { q: null }] } } as const;
  assert.deepEqual(read(JSON.parse(JSON.stringify({ ...kept, other: 1 }))), kept);
  const { names: _, ...older } = kept;
  assert.deepEqual(read(older).names, ["none"]);
});

for (const [name, changed] of [
  ["a text that is a number", { id: 1 }],
  ["a count below zero", { count: -1 }],
  ["a count with a fraction", { count: 1.5 }],
  ["a word that is none of them", { state: "else" }],
  ["a list that is an object", { names: {} }],
  ["an object that is a list", { parts: [] }],
  ["something that is missing", { id: undefined }],
] as const) {
  test(`${name} is not taken`, () => {
    const kept = { id: "a", count: 3, at: 1, state: "end", names: [], parts: {} };
    assert.throws(() => read({ ...kept, ...changed }), JsonShapeError);
    assert.equal(readOrNull(read, { ...kept, ...changed }), null);
    assert.notEqual(readOrNull(read, kept), null);
  });
}

test("any JSON is taken where any is expected", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => assert.deepEqual(readAny(value), value)));
});
