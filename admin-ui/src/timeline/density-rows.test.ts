import assert from "node:assert/strict";
import { test } from "node:test";
import { binInWords, densityRows } from "./density-rows.ts";

test("kinds become rows, states by severity, worst first; nothing is lost", () => {
  const rows = densityRows({
    ...{ fromMs: 0, untilMs: 30, bins: 3, countedFromMs: null },
    lanes: [
      { kind: "comment", severity: null, counts: [0, 1, 0] },
      { kind: "state", severity: "ok", counts: [1, 2, 0] },
      { kind: "state", severity: "critical", counts: [0, 3, 0] },
    ],
  });
  assert.deepEqual(
    rows.map(({ title, most, bars }) => [title, most, bars.map(({ bin, total }) => [bin, total])]),
    [
      [
        "States",
        5,
        [
          [0, 1],
          [1, 5],
        ],
      ],
      ["Comments", 1, [[1, 1]]],
    ],
  );
  assert.deepEqual(
    rows[0]?.bars[1]?.pieces.map(({ tone, count }) => [tone, count]),
    [
      ["critical", 3],
      ["ok", 2],
    ],
  );
  assert.equal(binInWords(rows, 1), "3 critical, 2 ok, 1 comments");
  assert.equal(binInWords(rows, 2), "nothing");
});
