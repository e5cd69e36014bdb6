import assert from "node:assert/strict";
import { test } from "node:test";
import { mayAccess } from "./access.ts";

test("a viewer reads and does nothing else", () => {
  assert.equal(mayAccess("viewer", "list", "hosts"), true);
  assert.equal(mayAccess("viewer", "show", "services"), true);
  for (const action of ["edit", "create", "delete", "act"]) assert.equal(mayAccess("viewer", action, "hosts"), false);
  assert.equal(mayAccess("viewer", "act", "problems"), false);
  assert.equal(mayAccess("viewer", "list", "enrolment-tokens"), false);
});

test("an operator acts, but does not see what is the administrator's", () => {
  assert.equal(mayAccess("operator", "act", "problems"), true);
  assert.equal(mayAccess("operator", "create", "checks"), true);
  for (const resource of ["users", "api-tokens", "audit-entries"]) {
    assert.equal(mayAccess("operator", "list", resource), false, resource);
    assert.equal(mayAccess("admin", "list", resource), true, resource);
  }
});

test("nobody edits what happened", () => {
  assert.equal(mayAccess("admin", "edit", "audit-entries"), false);
  assert.equal(mayAccess("admin", "delete", "notifications"), false);
});
