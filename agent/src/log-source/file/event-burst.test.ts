import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createEventBurst } from "./event-burst.ts";

test("as many changes in one turn of the event loop as the kernel can hold are told once", async () => {
  let told = 0;
  const count = createEventBurst(() => told++, 3);
  for (let change = 0; change < 10; change++) count();
  assert.equal(told, 1);
  await nextTurn();
  for (let change = 0; change < 3; change++) count();
  assert.equal(told, 2);
});

test("the same number of changes over several turns is nothing to be told", async () => {
  let told = 0;
  const count = createEventBurst(() => told++, 3);
  for (let turn = 0; turn < 5; turn++) {
    count();
    count();
    await nextTurn();
  }
  assert.equal(told, 0);
});
