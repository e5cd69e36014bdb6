import assert from "node:assert/strict";
import { test } from "node:test";
import { storedKinds } from "@mycloud/protocol/definition";
import { mayAccess } from "./access.ts";

const viewer = { role: "viewer", customer: null } as const;
const operator = { role: "operator", customer: null } as const;
const admin = { role: "admin", customer: null } as const;

test("a viewer reads and does nothing else", () => {
  assert.equal(mayAccess(viewer, "list", "hosts"), true);
  assert.equal(mayAccess(viewer, "show", "services"), true);
  for (const action of ["edit", "create", "delete", "act"]) assert.equal(mayAccess(viewer, action, "hosts"), false);
  assert.equal(mayAccess(viewer, "act", "problems"), false);
  assert.equal(mayAccess(viewer, "list", "enrolment-tokens"), false);
});

test("an operator acts, but does not see what is the administrator's", () => {
  assert.equal(mayAccess(operator, "act", "problems"), true);
  assert.equal(mayAccess(operator, "create", "checks"), true);
  for (const resource of ["users", "api-tokens", "audit-entries"]) {
    assert.equal(mayAccess(operator, "list", resource), false, resource);
    assert.equal(mayAccess(admin, "list", resource), true, resource);
  }
});

test("only an administrator, of a customer too, is shown the key of a backup", () => {
  assert.equal(mayAccess(operator, "recover", "backup-repositories"), false);
  assert.equal(mayAccess(admin, "recover", "backup-repositories"), true);
  assert.equal(mayAccess({ role: "admin", customer: "acme" }, "recover", "backup-repositories"), true);
});

test("nobody edits what happened", () => {
  assert.equal(mayAccess(admin, "edit", "audit-entries"), false);
  assert.equal(mayAccess(admin, "delete", "notifications"), false);
});

test("a customer's administrator is not shown what is refused to customers, and sees what is their own", () => {
  const customer = { role: "admin", customer: "acme" } as const;
  const hidden = [...Object.values(storedKinds).map(({ path }) => path), "simulation", "audit-entries"];
  for (const resource of hidden) assert.equal(mayAccess(customer, "list", resource), false, resource);
  for (const resource of ["hosts", "contacts", "downtimes", "users", "enrolment-tokens"]) {
    assert.equal(mayAccess(customer, "list", resource), true, resource);
    assert.equal(mayAccess(customer, "create", resource), true, resource);
  }
  assert.equal(mayAccess(customer, "list", "checks"), true);
  for (const action of ["create", "edit", "delete"]) assert.equal(mayAccess(customer, action, "checks"), false);
  assert.equal(mayAccess(customer, "act", "service-proposals"), false);
});
