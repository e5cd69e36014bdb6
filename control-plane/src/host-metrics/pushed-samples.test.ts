import assert from "node:assert/strict";
import { test } from "node:test";
import { hasSameSeries } from "./pushed-samples.ts";

test("texts have the same series when they differ in values alone, and are taken apart when that is not plain", () => {
  const before = '# TYPE a gauge\na{b="x 1"} 1\na{b="y"} NaN\n';
  for (const [after, isSame] of [
    ['# TYPE a gauge\na{b="x 1"} -2.5e+07\na{b="y"} +Inf\n', true],
    ['# TYPE a gauge\na{b="x 2"} 1\na{b="y"} NaN\n', false],
    ['# TYPE a gauge\na{b="x 1"} 1\n', false],
    ['# TYPE a gauge\na{b="x 1"} 1 1700000000000\na{b="y"} NaN\n', false],
  ] as const) {
    assert.equal(hasSameSeries(before, after), isSame, after);
  }
  assert.equal(hasSameSeries('a{b="x 1"}1\n', 'a{b="x 2"}1\n'), false);
});
