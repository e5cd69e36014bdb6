import assert from "node:assert/strict";
import { test } from "node:test";
import { faultText } from "./fault-text.ts";

test("the first fault of a field is found however deep it lies", () => {
  assert.equal(faultText(undefined), undefined);
  assert.equal(faultText({ type: "manual", message: "is empty" }), "is empty");
  assert.equal(faultText([undefined, { url: { type: "manual", message: "is no address" } }]), "is no address");
  assert.equal(faultText({ message: '@@react-admin@@"ra.validation.required"' }), "is missing");
});
