import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { CustomerName } from "@mycloud/protocol/name";
import fc from "fast-check";
import { CompiledQuery } from "kysely";
import { pino } from "pino";
import { migrate } from "../database/migrate.ts";
import { migrations } from "../database/migrations/index.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { startTestApp, type TestApp } from "../testing/index.ts";
import { slugOf } from "./slug.ts";

const password = "long enough password";

it("a short name is made of any title", () => {
  assert.equal(slugOf("Müller & Söhne GmbH"), "muller-sohne-gmbh");
  assert.equal(slugOf("日本"), "customer");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (title) =>
      assert.equal(CustomerName.safeParse(slugOf(title)).success, true, title),
    ),
  );
});

forEachDialect((dialect, open) => {
  let testApp: TestApp;
  let nowMs = Date.now();
  before(async () => {
    const now = () => nowMs;
    if (dialect === "mariadb") await open();
    testApp = await startTestApp(dialect === "mariadb" ? { now, databaseUrl: open.location() } : { now });
  });
  after(() => testApp.stop());

  const user = async (name: string, role: string, customer: string) => {
    const body = { email: `${name}@example.org`, name, role, customer, password };
    const answer = await testApp.call("POST", "/api/v1/users", { body });
    assert.equal(answer.status, 200, answer.text);
    return { id: answer.body.id as number, headers: await testApp.logIn(body.email, password) };
  };
  const customerNamed = async (name: string) => {
    const filter = encodeURIComponent(JSON.stringify({ name }));
    return (await testApp.call("GET", `/api/v1/customers?filter=${filter}`)).body.data[0];
  };

  it("the names that are in use become organisations when the database is brought up to date", async () => {
    const before = migrations.filter(({ name }) => name < "2026-11-23-0330");
    const database = await open({ migrations: before });
    await database.db.executeQuery(
      CompiledQuery.raw(
        "insert into user (email, name, role, customer, password_hash, created_at_ms, updated_at_ms) values ('a@x', 'A', 'admin', 'acme', 'h', 5, 5), ('b@x', 'B', 'admin', 'acme', 'h', 4, 4), ('c@x', 'C', 'admin', null, 'h', 1, 1)",
      ),
    );
    await migrate(database, { logger: pino({ level: "silent" }) });
    const rows = await database.db.selectFrom("customer").select(["name", "title", "created_at_ms"]).execute();
    assert.deepEqual(
      rows.map((row) => ({ ...row })),
      [{ name: "acme", title: "acme", created_at_ms: 4 }],
    );
  });

  it("naming one on a user or host makes it, and the list counts people and hosts", async () => {
    await user("first", "admin", "newco");
    await testApp.call("POST", "/api/v1/hosts", { body: { name: "n1", customer: "newco" } });
    await testApp.call("POST", "/api/v1/hosts", { body: { name: "h1", customer: "hostco" } });
    const { title, memberCount, hostCount } = await customerNamed("newco");
    assert.deepEqual([title, memberCount, hostCount], ["newco", 1, 1]);
    assert.equal((await customerNamed("hostco")).hostCount, 1);
  });

  it("one that has people or hosts is not deleted, an empty one is", async () => {
    const made = await testApp.call("POST", "/api/v1/customers", { body: { name: "empty", title: "Empty Ltd" } });
    assert.equal(made.status, 200, made.text);
    const again = await testApp.call("POST", "/api/v1/customers", { body: { name: "empty", title: "Other" } });
    assert.equal(again.status, 409);
    const { id } = await customerNamed("newco");
    assert.equal((await testApp.call("DELETE", `/api/v1/customers/${id}`)).status, 409);
    assert.equal((await testApp.call("DELETE", `/api/v1/customers/${made.body.id}`)).status, 200);
  });

  it("the last owner stays while there are other members", async () => {
    const owner = await user("owner", "admin", "kept");
    const member = await user("member", "operator", "kept");
    const asOwner = { headers: owner.headers };
    const change = (id: number, body: object) => testApp.call("PUT", `/api/v1/users/${id}`, { body, ...asOwner });
    const kept = await change(member.id, { name: "Member" });
    assert.equal(kept.body.customer, "kept", "what is not named in a change stays");
    for (const body of [{ role: "viewer" }, { isDisabled: true }]) {
      const refused = await change(owner.id, body);
      assert.equal(refused.status, 409, refused.text);
      assert.match(refused.body.error.message, /last owner of kept/);
    }
    assert.equal((await testApp.call("PUT", `/api/v1/users/${owner.id}`, { body: { customer: null } })).status, 409);
    assert.equal((await testApp.call("DELETE", `/api/v1/users/${owner.id}`, asOwner)).status, 409);
    assert.equal((await change(member.id, { role: "admin" })).status, 200);
    assert.equal((await change(owner.id, { role: "viewer" })).status, 200);
    assert.equal((await testApp.call("DELETE", `/api/v1/users/${owner.id}`)).status, 200);
    assert.equal((await testApp.call("DELETE", `/api/v1/users/${member.id}`)).status, 200);
  });

  it("two owners who demote each other at once leave one", async () => {
    const [one, two] = [await user("duel1", "admin", "duel"), await user("duel2", "admin", "duel")];
    await Promise.all([
      testApp.call("PUT", `/api/v1/users/${two.id}`, { body: { role: "viewer" }, headers: one.headers }),
      testApp.call("PUT", `/api/v1/users/${one.id}`, { body: { role: "viewer" }, headers: two.headers }),
    ]);
    const roles = await Promise.all(
      [one, two].map(async ({ id }) => (await testApp.call("GET", `/api/v1/users/${id}`)).body.role),
    );
    assert.ok(roles.includes("admin"), String(roles));
  });

  it("owners change their own organisation, its members read it, nobody else does", async () => {
    const owner = await user("olga", "admin", "orga");
    const member = await user("mike", "operator", "orga");
    const path = "/api/v1/organisation";
    const changed = await testApp.call("PUT", path, { body: { title: "Orga Ltd" }, headers: owner.headers });
    assert.equal(changed.body.title, "Orga Ltd", changed.text);
    const refused = await testApp.call("PUT", path, { body: { title: "Mine" }, headers: member.headers });
    assert.equal(refused.status, 403);
    const read = await testApp.call("GET", path, { headers: member.headers });
    assert.deepEqual([read.body.title, read.body.memberCount], ["Orga Ltd", 2]);
    assert.equal((await testApp.call("GET", path)).status, 404);
    assert.equal((await testApp.call("GET", "/api/v1/customers", { headers: owner.headers })).status, 403);
    const quota = await testApp.call("PUT", path, { body: { quotaBytes: 1e15 }, headers: owner.headers });
    assert.equal(quota.body.quotaBytes, null);
  });

  it("suspending an organisation shuts its people and tokens out, and lets them in again", async () => {
    const owner = await user("sue", "admin", "suspended");
    const body = { name: "t", scopes: ["read"] };
    const { token } = (await testApp.call("POST", "/api/v1/api-tokens", { body, headers: owner.headers })).body;
    const statuses = async () => [
      (await testApp.call("GET", "/api/v1/session", { headers: owner.headers })).status,
      (await testApp.call("GET", "/api/v1/session", { token })).status,
    ];
    assert.deepEqual(await statuses(), [200, 200]);
    const { id } = await customerNamed("suspended");
    const set = (isSuspended: boolean) => testApp.call("PUT", `/api/v1/customers/${id}`, { body: { isSuspended } });
    assert.equal((await set(true)).body.isSuspended, true);
    assert.deepEqual(await statuses(), [401, 401]);
    await set(false);
    nowMs += 5000;
    assert.deepEqual(await statuses(), [200, 200]);
  });
});
