import assert from "node:assert/strict";
import { test } from "node:test";
import { hashAddress } from "./route-address.ts";

test("a plain link becomes the router's", () => {
  assert.equal(hashAddress({ pathname: "/services/12/show", search: "" }), "/#/services/12/show");
  assert.equal(hashAddress({ pathname: "/problems", search: "?filter=%7B%7D" }), "/#/problems?filter=%7B%7D");
  assert.equal(hashAddress({ pathname: "/", search: "" }), null);
});
