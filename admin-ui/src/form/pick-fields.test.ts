import assert from "node:assert/strict";
import { test } from "node:test";
import { pickFields } from "./pick-fields.ts";

test("only the named fields are sent", () => {
  assert.deepEqual(pickFields({ id: 1, name: "a", createdAtMs: 5, customer: null }, ["name", "customer", "address"]), {
    name: "a",
    customer: null,
  });
});

test("an emptied text is empty, not null", () => {
  assert.deepEqual(pickFields({ notes: null, address: undefined }, ["notes", "address"]), { notes: "", address: null });
});
