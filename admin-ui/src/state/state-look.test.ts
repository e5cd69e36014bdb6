import assert from "node:assert/strict";
import { test } from "node:test";
import { stateLook, stateMeaning } from "./state-look.ts";

const states = ["OK", "WARNING", "CRITICAL", "UNKNOWN", "STALE", "PENDING"];

test("every state has its own shape and its own tone", () => {
  assert.equal(new Set(states.map((state) => stateLook(state).shape)).size, states.length);
  assert.equal(new Set(states.map((state) => stateLook(state).tone)).size, states.length);
});

test("only OK and UP are green", () => {
  const green = Object.keys(stateMeaning).filter((state) => stateLook(state).tone === "ok");
  assert.deepEqual(green, ["OK", "UP"]);
  assert.notEqual(stateLook("SOMETHING-NEW").tone, "ok");
});
