import assert from "node:assert/strict";
import { test } from "node:test";
import { parseLogQuery } from "@mycloud/protocol/log-query";
import { createShapeIndex } from "./shape-index.ts";

const noShape = 0;

function shapesFor(query: string, alsoOpen: number | null = null): number[] | null {
  const index = createShapeIndex();
  index.addShape(1, "GET <path> HTTP/<num>.<num>");
  index.addShape(2, "Failed password for <*>");
  index.addShape(3, "password changed");
  index.addWord(1, "login");
  if (alsoOpen !== null) index.addWord(alsoOpen, null);
  const shapes = index.shapesFor(parseLogQuery(query));
  return shapes === null ? null : [...shapes].toSorted();
}

test("shapes are found by the words that their records can have, and records of no shape can have any", () => {
  for (const [query, expected] of [
    ["get", [noShape, 1]],
    ["LOGIN", [noShape, 1]],
    ["password", [noShape, 2, 3]],
    ["password changed", [noShape, 3]],
    ['"changed password"', [noShape, 3]],
    ["get password", [noShape]],
    ["get OR changed", [noShape, 1, 3]],
    ["get status:404", [noShape, 1]],
    ["failed pass*", [noShape, 2]],
    // Of these nothing is known.
    ["", null],
    ["user17", null],
    ["école", null],
    ["get*", null],
    ["NOT get", null],
    ["get OR user17", null],
    ["get OR severity:err", null],
  ] as const) {
    assert.deepEqual(shapesFor(query), expected, query);
  }
});

test("a shape that may have any word is one of every question's", () => {
  assert.deepEqual(shapesFor("get changed", 2), [noShape, 2]);
});
