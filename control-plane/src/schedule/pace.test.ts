import assert from "node:assert/strict";
import { test } from "node:test";
import { createPace } from "./pace.ts";

test("rests are as long as the work, grow while the event loop is busy up to a quarter of a second, and shrink when it is not", async () => {
  const rests: number[] = [];
  let share = 0.3;
  const pace = createPace({ busyShare: () => share, sleep: async (ms) => void rests.push(ms) });
  await pace.rest(1);
  await pace.rest(40);
  assert.deepEqual(rests, [5, 40]);
  share = 0.9;
  for (let round = 0; round < 20; round++) await pace.rest(12);
  assert.equal(rests.at(-1), 250);
  share = 0.7;
  await pace.rest(12);
  await pace.rest(12);
  assert.equal(rests.at(-1), 250);
  share = 0.2;
  for (let round = 0; round < 20; round++) await pace.rest(12);
  assert.equal(rests.at(-1), 12);
});
