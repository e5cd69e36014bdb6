import assert from "node:assert/strict";
import { test } from "node:test";
import { type RoomFacts, refusalOfRoom } from "./index.ts";

const roomy: RoomFacts = {
  type: "data",
  sizeBytes: 10,
  mayDelete: false,
  quotaBytes: 100,
  usedBytes: 0,
  trashBytes: 0,
  freeBytes: 1_000,
  reserveBytes: 100,
};
const refusal = (facts: Partial<RoomFacts>) => refusalOfRoom({ ...roomy, ...facts });

test("an upload passes up to the quota and up to the reserve, and not a byte further", () => {
  assert.equal(refusal({ usedBytes: 90 }), null);
  assert.match(refusal({ usedBytes: 91 }) ?? "", /quota.*91 of 100/);
  assert.equal(refusal({ freeBytes: 110 }), null);
  assert.match(refusal({ freeBytes: 109 }) ?? "", /storage is full/);
  assert.equal(refusal({ quotaBytes: 0, usedBytes: 1e15 }), null);
});

test("a lock passes on a full disk and over quota, something large that calls itself one does not", () => {
  const full = { freeBytes: 0, usedBytes: 1_000, type: "locks" } as const;
  assert.equal(refusal({ ...full, sizeBytes: 300 }), null);
  assert.match(refusal({ ...full, sizeBytes: 100_000 }) ?? "", /full/);
});

test("who may delete writes indexes into half of the reserve and a little beyond the quota", () => {
  const index = { type: "index", mayDelete: true } as const;
  assert.equal(refusal({ ...index, freeBytes: 60 }), null);
  assert.match(refusal({ ...index, freeBytes: 59 }) ?? "", /full/);
  assert.equal(refusal({ ...index, usedBytes: 95 }), null);
  assert.match(refusal({ ...index, usedBytes: 96 }) ?? "", /quota/);
  assert.match(refusal({ ...index, mayDelete: false, usedBytes: 95 }) ?? "", /quota/);
});

test("what is in the trash makes room at once, but not without end", () => {
  assert.equal(refusal({ usedBytes: 50, trashBytes: 140 }), null);
  assert.match(refusal({ usedBytes: 50, trashBytes: 141 }) ?? "", /trash/);
});
