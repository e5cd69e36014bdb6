import assert from "node:assert/strict";
import { test } from "node:test";
import { thresholdsInWords } from "./thresholds-in-words.ts";

const table: readonly (readonly [string, readonly string[]])[] = [
  ["load1=9.2;5;8", ["load1 is 9.2, above the critical 8"]],
  ["load1=6;5;8", ["load1 is 6, above the warning 5"]],
  ["load1=1;5;8", []],
  ["/=49258954752B;~:40000000000;~:60000000000", ["/ is 45.9 GiB, above the warning 37.3 GiB"]],
  ["free=5%;10:;2:", ["free is 5%, below the warning 10%"]],
  ["procs=15;@10:20", ["procs is 15, inside the warning range 10 to 20"]],
  ["t=U;1;2", []],
  ["t=3s;abc;5", []],
];

test("each crossed threshold is told once, the critical one first", () => {
  for (const [perfdata, sentences] of table) assert.deepEqual(thresholdsInWords(perfdata), sentences, perfdata);
});
