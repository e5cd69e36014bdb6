import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseProbers } from "./choose-probers.ts";

test("what a sweep finds is probed from where it ran", () => {
  assert.deepEqual(chooseProbers(undefined, "mon1"), ["mon1"]);
  assert.deepEqual(chooseProbers(["mon2", "mon1"], "mon1"), ["mon2", "mon1"]);
});

test("a machine without an agent names whom it likes", () => {
  assert.deepEqual(chooseProbers(undefined, null), []);
  assert.deepEqual(chooseProbers(["mon1"], null), ["mon1"]);
});

test("a sweep for probers on other machines alone is refused, with where to run it", () => {
  assert.throws(
    () => chooseProbers(["mon2", "mon3"], "mon1"),
    /--prober is mon2, mon3, .* from here, which is "mon1"; run the command on mon2, or name mon1 too/,
  );
});
