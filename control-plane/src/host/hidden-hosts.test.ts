import assert from "node:assert/strict";
import { test } from "node:test";
import { keepHiddenHosts } from "./hidden-hosts.ts";

test("what a customer writes leaves the hosts that it does not see, and their order when it changes nothing", () => {
  const keep = (written: readonly string[]) =>
    keepHiddenHosts("probers", ["ops1", "own1", "ops2"], (name) => name.startsWith("ops"), written);
  assert.deepEqual(keep(["own1"]), ["ops1", "own1", "ops2"]);
  assert.deepEqual(keep([]), ["ops1", "ops2"]);
  assert.deepEqual(keep(["own2", "own1"]), ["own2", "own1", "ops1", "ops2"]);
  const nine = Array.from({ length: 9 }, (_, index) => `own${index}`);
  assert.throws(() => keep(nine), /probers are too many together with the operator's own; a host has at most 10/);
});
