import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeText } from "./outcome-text.ts";

test("what was refused is counted, and the first said in full", () => {
  assert.deepEqual(outcomeText("Deleted", 3, []), { text: "Deleted: 3", isWhole: true });
  assert.deepEqual(outcomeText("Deleted", 3, ["it is used by x", "other"]), {
    text: "Deleted: 1, refused: 2 (it is used by x)",
    isWhole: false,
  });
});
