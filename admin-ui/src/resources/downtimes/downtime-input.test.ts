import assert from "node:assert/strict";
import { test } from "node:test";
import { downtimeInput } from "./downtime-input.ts";

const values = { comment: "x", durationSeconds: 60, triggeredById: 4, reminderSeconds: 600 };

test("each kind of downtime sends its own fields and no other's", () => {
  const sent = (kind: string) => {
    const { isFixed, durationSeconds, triggeredById, reminderSeconds } = downtimeInput({ ...values, kind });
    return [isFixed, durationSeconds, triggeredById, reminderSeconds];
  };
  assert.deepEqual(sent("fixed"), [true, null, null, 600]);
  assert.deepEqual(sent("flexible"), [false, 60, null, null]);
  assert.deepEqual(sent("triggered"), [true, null, 4, null]);
  assert.ok(!("kind" in downtimeInput({ ...values, kind: "fixed" })));
});
