import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { joinArguments, splitArguments } from "./split-arguments.ts";

test("a line is split as a shell splits words", () => {
  const table: [string, string[]][] = [
    ["-w 5 -c 10", ["-w", "5", "-c", "10"]],
    ["  -s  'two  words' ", ["-s", "two  words"]],
    [`--regex "a \\"b\\" c"`, ["--regex", 'a "b" c']],
    ["it\\'s", ["it's"]],
    ["''", [""]],
    ["-H $HOSTADDRESS$ -w 20%", ["-H", "$HOSTADDRESS$", "-w", "20%"]],
    ["", []],
  ];
  for (const [line, words] of table) assert.deepEqual(splitArguments(line), { ok: true, arguments: words }, line);
});

test("an unfinished line says what is missing", () => {
  for (const line of ["'open", '"open', "end\\"]) assert.equal(splitArguments(line).ok, false, line);
});

test("joined arguments are split back to themselves", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (words) => {
      assert.deepEqual(splitArguments(joinArguments(words)), { ok: true, arguments: words });
    }),
  );
});
