import assert from "node:assert/strict";
import { test } from "node:test";
import { type AlertZone, alertZones, rangeText, toldEdges, zoneEdges } from "./threshold.ts";

const below = (to: number): AlertZone => ({ from: -Infinity, to });
const above = (from: number): AlertZone => ({ from, to: Infinity });

test("a range becomes the zones that alert", () => {
  const table: [string | null, AlertZone[]][] = [
    ["10", [below(0), above(10)]],
    ["10:", [below(10)]],
    ["~:10", [above(10)]],
    ["10:20", [below(10), above(20)]],
    ["-5:1.5", [below(-5), above(1.5)]],
    ["@10:20", [{ from: 10, to: 20 }]],
    ["@~:0", [below(0)]],
    ["~:", []],
    ["1e3", [below(0), above(1000)]],
    ["", []],
    [null, []],
  ];
  for (const [range, zones] of table) assert.deepEqual(alertZones(range), zones, String(range));
});

test("a range nobody can read has no zones", () => {
  for (const range of ["abc", "20:10", "5:~", "1:2:3", "10%"]) assert.deepEqual(alertZones(range), [], range);
});

test("edges are the finite bounds in order", () => {
  assert.deepEqual(zoneEdges(alertZones("10:20")), [10, 20]);
  assert.deepEqual(zoneEdges(alertZones("@~:0")), [0]);
});

test("the zero of a plain range is not worth telling", () => {
  assert.deepEqual(toldEdges("10"), [10]);
  assert.deepEqual(toldEdges("0:10"), [0, 10]);
  assert.deepEqual(toldEdges("@5:10"), [5, 10]);
  assert.deepEqual(toldEdges(null), []);
});

test("a range is told in words", () => {
  const table: [string | null, string | null][] = [
    ["10", "above 10"],
    ["~:10", "above 10"],
    ["5:", "below 5"],
    ["5:10", "below 5 or above 10"],
    ["@5:10", "5 to 10"],
    ["@0:0", "exactly 0"],
    ["10%", "10%"],
    ["", null],
    [null, null],
  ];
  for (const [range, text] of table) assert.equal(rangeText(range, String), text, String(range));
});
