import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError } from "../error/index.ts";
import { parseSize } from "./size.ts";

test("sizes are whole numbers with a power of 1024", () => {
  const cases: readonly [string, number][] = [
    ["0", 0],
    ["17", 17],
    ["17b", 17],
    ["2k", 2048],
    ["10M", 10 * 1024 ** 2],
    ["1G", 1024 ** 3],
    ["3t", 3 * 1024 ** 4],
  ];
  for (const [text, expected] of cases) assert.equal(parseSize(text, "--exclude-larger-than"), expected, text);
});

test("what is no size is refused with the option's name", () => {
  for (const wrong of ["", "M", "-1", "1.5G", "10MB", "1e3", " 1", "9007199254740993", "9000000T"]) {
    assert.throws(
      () => parseSize(wrong, "--exclude-larger-than"),
      (error) => error instanceof InputError && error.message.startsWith("--exclude-larger-than"),
    );
  }
});
