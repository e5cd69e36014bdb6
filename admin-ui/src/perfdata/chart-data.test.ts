import assert from "node:assert/strict";
import { test } from "node:test";
import { chartColumns, edgesBeyond, valueRange } from "./chart-data.ts";
import { alertZones } from "./threshold.ts";

const flat = (atMs: number[], values: number[]) => ({ atMs, minimum: values, mean: values, maximum: values });

test("a pause longer than the gap breaks the line", () => {
  const columns = chartColumns(flat([0, 60_000, 600_000], [1, 2, 3]), 150);
  assert.deepEqual(columns[0], [0, 60, 330, 600]);
  assert.deepEqual(columns[2], [1, 2, null, 3]);
});

test("samples closer than the gap are one line", () => {
  const columns = chartColumns(flat([0, 60_000, 120_000], [1, 2, 3]), 150);
  assert.deepEqual(columns[2], [1, 2, 3]);
});

test("a threshold in reach is on the axis", () => {
  const range = valueRange(flat([0, 1], [1, 4]), alertZones("10"));
  assert.equal(range.from, 0);
  assert.ok(range.to >= 10);
  assert.deepEqual(edgesBeyond([10], range), { above: [], below: [] });
});

test("a threshold far away is beyond the chart instead of pressing the line flat", () => {
  const range = valueRange(flat([0, 1], [1, 4]), alertZones("-900:1000"));
  assert.ok(range.to < 5);
  assert.deepEqual(edgesBeyond([-900, 1000], range), { above: [1000], below: [-900] });
});

test("a constant value still has an axis with a height", () => {
  for (const value of [0, 5, -5, 1e12]) {
    const range = valueRange(flat([0, 1], [value, value]), []);
    assert.ok(range.to > range.from, String(value));
    assert.ok(range.from <= value && range.to >= value, String(value));
    if (value > 0)
      assert.ok(Math.abs(range.to - value - (value - range.from)) < value / 1e6, `${value} lies in the middle`);
  }
});

test("values far from zero keep their detail", () => {
  const range = valueRange(flat([0, 1], [1000, 1010]), []);
  assert.ok(range.from > 990);
});

test("no samples give an axis that shows the thresholds", () => {
  assert.deepEqual(valueRange(flat([], []), alertZones("10")), { from: 0, to: 10 });
});
