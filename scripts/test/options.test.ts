import assert from "node:assert/strict";
import { test } from "node:test";
import { parseOptions, stepKinds } from "./options.ts";

test("without arguments every step runs", () => {
  assert.deepEqual([...parseOptions([]).kinds], [...stepKinds]);
});

test("--only names steps, repeated or with commas", () => {
  assert.deepEqual([...parseOptions(["--only", "lint,types", "--only", "unit"]).kinds], ["lint", "types", "unit"]);
});

test("words and names run tests only", () => {
  const options = parseOptions(["host", "--name", "a host"]);
  assert.deepEqual([...options.kinds], ["unit", "acceptance", "browser"]);
  assert.deepEqual(options.words, ["host"]);
  assert.equal(options.name, "a host");
});

test("an unknown step is refused by name", () => {
  assert.throws(() => parseOptions(["--only", "lints"]), /--only lints: write one of lint, types/);
});
