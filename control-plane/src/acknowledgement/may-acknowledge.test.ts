import assert from "node:assert/strict";
import { test } from "node:test";
import { refuseAcknowledging, refuseRemoving } from "./may-acknowledge.ts";

for (const shownState of ["WARNING", "CRITICAL", "UNKNOWN", "STALE", "DOWN", "UNREACHABLE"]) {
  test(`what is ${shownState} can be acknowledged, again too`, () => {
    for (const isAcknowledged of [false, true]) {
      assert.equal(refuseAcknowledging("web1", { shownState, isAcknowledged }), null);
    }
  });
}

for (const [shownState, words] of [
  ["OK", "web1/disk is OK; only a problem can be acknowledged"],
  ["UP", "web1/disk is UP; only a problem can be acknowledged"],
  ["PENDING", "web1/disk has not been checked yet; only a problem can be acknowledged"],
] as const) {
  test(`what is ${shownState} is refused with a sentence`, () => {
    assert.equal(refuseAcknowledging("web1/disk", { shownState, isAcknowledged: false }), words);
  });
}

test("an acknowledgement that is not there cannot be removed", () => {
  assert.equal(refuseRemoving("web1", { shownState: "DOWN", isAcknowledged: false }), "web1 is not acknowledged");
  assert.equal(refuseRemoving("web1", { shownState: "DOWN", isAcknowledged: true }), null);
});
