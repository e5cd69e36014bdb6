import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import fc from "fast-check";
import { forEachDialect } from "../database/testing/dialects.ts";
import { startTestApp, type TestApp } from "../testing/index.ts";
import { isAdministrator, refuseLosingLastAdministrator } from "./user-rules.ts";

const password = "long enough password";

forEachDialect((dialect, open) => {
  let testApp: TestApp;
  before(async () => {
    if (dialect === "mariadb") await open();
    testApp = await startTestApp(dialect === "mariadb" ? { databaseUrl: open.location() } : {});
  });
  after(() => testApp.stop());
  const create = (email: string, more: Record<string, unknown> = {}) =>
    testApp.call("POST", "/api/v1/users", { body: { email, name: "N", role: "viewer", password, ...more } });
  const change = (id: number, body: Record<string, unknown>) => testApp.call("PUT", `/api/v1/users/${id}`, { body });

  it("the last administrator cannot be removed, disabled, demoted or given to a customer", async () => {
    const { body } = await testApp.call("GET", `/api/v1/users?filter=${encodeURIComponent('{"role":"admin"}')}`);
    const id = body.data[0].id as number;
    await create("acme-admin@example.org", { role: "admin", customer: "acme" });
    await create("disabled-admin@example.org", { role: "admin", isDisabled: true });
    for (const taken of [{ isDisabled: true }, { role: "operator" }, { customer: "acme" }]) {
      assert.equal((await change(id, taken)).status, 409, JSON.stringify(taken));
    }
    assert.equal((await testApp.call("DELETE", `/api/v1/users/${id}`)).status, 409);
    const second = (await create("second@example.org", { role: "admin" })).body;
    assert.equal((await change(id, { role: "operator" })).status, 200);
    const both = await Promise.all([change(second.id, { role: "viewer" }), change(id, { role: "admin" })]);
    assert.ok(both.some(({ status }) => status === 200));
    assert.equal((await change(id, { role: "admin" })).status, 200);
  });

  it("two administrators who demote each other at once leave one", async () => {
    const one = (await create("one@example.org", { role: "admin" })).body;
    const two = (await create("two@example.org", { role: "admin" })).body;
    const all = await testApp.call("GET", `/api/v1/users?filter=${encodeURIComponent('{"role":"admin"}')}`);
    for (const { id, customer } of all.body.data) {
      if (customer === null && id !== one.id && id !== two.id) await change(id, { role: "viewer" });
    }
    const answers = await Promise.all([change(one.id, { role: "viewer" }), change(two.id, { role: "viewer" })]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
  });

  it("an e-mail address is one user's, in whatever case", async () => {
    assert.equal((await create("Same@example.org")).body.email, "same@example.org");
    const again = await create("sAME@example.org");
    assert.equal(again.status, 409);
    assert.equal(again.body.error.issues[0].field, "email");
  });

  it("every fault of the input is named at once, without the password", async () => {
    const answer = await create("no address", { role: "king", password: "short", name: "" });
    assert.equal(answer.status, 400);
    const fields = answer.body.error.issues.map((issue: { field: string }) => issue.field);
    assert.deepEqual(fields.sort(), ["email", "name", "password", "role"]);
    assert.ok(!answer.text.includes('"short"'));
  });

  it("fields left out stay as they are, and the audit holds before and after", async () => {
    const { id } = (await create("keep@example.org", { name: "Before", customer: "acme", isDisabled: true })).body;
    const changed = await change(id, { name: "After", password: "another long password" });
    const { email, customer, isDisabled } = changed.body;
    assert.deepEqual([email, customer, isDisabled], ["keep@example.org", "acme", true]);
    const filter = encodeURIComponent(JSON.stringify({ resourceKind: "user", resourceId: String(id) }));
    const { body } = await testApp.call("GET", `/api/v1/audit-entries?filter=${filter}`);
    const update = body.data.find((entry: { action: string }) => entry.action === "user.update");
    assert.deepEqual([update.before.name, update.after.name, update.actorKind], ["Before", "After", "token"]);
    assert.ok(body.data.some((entry: { action: string }) => entry.action === "user.set-password"));
  });
});

it("whatever is done to users one by one, an administrator is left", () => {
  const standing = fc.record({
    role: fc.constantFrom("viewer" as const, "operator" as const, "admin" as const),
    isDisabled: fc.boolean(),
    customer: fc.constantFrom(null, "acme"),
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3), fc.option(standing)), { maxLength: 40 }), (changes) => {
      const users: (typeof standing extends fc.Arbitrary<infer T> ? T | null : never)[] = [0, 1, 2, 3].map(() => ({
        role: "admin",
        isDisabled: false,
        customer: null,
      }));
      for (const [index, after] of changes) {
        const before = users[index];
        if (!before) continue;
        const others = users.filter((user, at) => at !== index && user && isAdministrator(user)).length;
        try {
          refuseLosingLastAdministrator(before, after, others);
          users[index] = after;
        } catch {
          assert.equal(others, 0);
        }
      }
      assert.ok(users.some((user) => user && isAdministrator(user)));
    }),
  );
});
