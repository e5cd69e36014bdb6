import assert from "node:assert/strict";
import { test } from "node:test";
import { colourOf, placeBars } from "./place-bars.ts";

test("a bar is cut to the row it is shown in", () => {
  const bars = [
    { fromMs: -10, untilMs: 25 },
    { fromMs: 50, untilMs: 75 },
    { fromMs: 100, untilMs: 200 },
  ];
  assert.deepEqual(
    placeBars(bars, 0, 100).map(({ left, width }) => [left, width]),
    [
      [0, 0.25],
      [0.5, 0.25],
    ],
  );
});

test("a name has one colour, its neighbours others", () => {
  const names = ["anna", "bob", "anna", "carla"];
  assert.deepEqual(
    names.map((name) => colourOf(name, names)),
    [0, 1, 0, 2],
  );
});
