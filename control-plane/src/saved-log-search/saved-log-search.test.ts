import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import type { SavedLogSearch } from "@mycloud/protocol/log-search";
import { forEachDialect } from "../database/testing/dialects.ts";
import { startTestApp, type TestApp } from "../testing/index.ts";

const password = "long enough password";
const path = "/api/v1/log-searches";

forEachDialect((dialect, open) => {
  let testApp: TestApp;
  const people: Record<string, { readonly id: number; readonly headers: Record<string, string> }> = {};

  before(async () => {
    if (dialect === "mariadb") await open();
    testApp = await startTestApp(dialect === "mariadb" ? { databaseUrl: open.location() } : {});
    for (const [name, role, customer] of [
      ["olga", "operator", null],
      ["vera", "viewer", null],
      ["anna", "operator", "acme"],
      ["adam", "viewer", "acme"],
      ["boris", "operator", "bolt"],
    ] as const) {
      const body = { email: `${name}@example.org`, name, role, customer, password };
      const made = await testApp.call("POST", "/api/v1/users", { body });
      assert.equal(made.status, 200, made.text);
      people[name] = { id: made.body.id, headers: await testApp.logIn(body.email, password) };
    }
  });
  after(() => testApp.stop());

  const as = (name: string) => {
    const person = people[name];
    assert.ok(person);
    return { headers: person.headers };
  };
  const save = (name: string, body: object) => testApp.call("POST", path, { ...as(name), body });
  const seenBy = async (name: string): Promise<string[]> => {
    const { body } = await testApp.call("GET", path, as(name));
    return body.data.map((search: SavedLogSearch) => `${search.name}${search.isOwn ? "*" : ""}`);
  };

  it("one's own are one's own; what is shared is seen by those of the same circle, and by nobody else", async () => {
    assert.equal((await save("olga", { name: "mine", query: "refused" })).status, 200);
    assert.equal((await save("olga", { name: "ours", query: "host:web1 severity>=err", isShared: true })).status, 200);
    assert.equal((await save("anna", { name: "acme's", query: "timeout", isShared: true })).status, 200);
    assert.equal((await save("anna", { name: "anna's", query: "secret" })).status, 200);
    assert.deepEqual(await seenBy("olga"), ["mine*", "ours*"]);
    assert.deepEqual(await seenBy("vera"), ["ours"]);
    assert.deepEqual(await seenBy("anna"), ["acme's*", "anna's*"]);
    assert.deepEqual(await seenBy("adam"), ["acme's"]);
    assert.deepEqual(await seenBy("boris"), []);
    const shown = (await testApp.call("GET", path, as("adam"))).body.data[0];
    assert.deepEqual([shown.author, shown.query, shown.isShared], ["anna", "timeout", true]);
  });

  it("what one may not see is not there to be deleted; what others shared takes an operator", async () => {
    const idOf = async (owner: string, name: string) =>
      (await testApp.call("GET", path, as(owner))).body.data.find((search: SavedLogSearch) => search.name === name).id;
    const remove = async (name: string, id: number) => (await testApp.call("DELETE", `${path}/${id}`, as(name))).status;
    const [mine, ours, acmes, annas] = [
      await idOf("olga", "mine"),
      await idOf("olga", "ours"),
      await idOf("anna", "acme's"),
      await idOf("anna", "anna's"),
    ];
    assert.equal(await remove("vera", mine), 404);
    assert.equal(await remove("vera", ours), 403);
    for (const id of [acmes, annas]) {
      for (const name of ["olga", "vera", "boris"]) assert.equal(await remove(name, id), 404, `${name} ${id}`);
    }
    assert.equal(await remove("adam", annas), 404);
    assert.equal(await remove("adam", acmes), 403);
    assert.equal(await remove("anna", annas), 200);
    assert.equal(await remove("anna", annas), 404);
  });

  it("saving under a name of one's own again replaces it, and viewers keep their own without sharing", async () => {
    const first = await save("vera", { name: "again", query: "one" });
    const second = await save("vera", { name: " again ", query: "two" });
    assert.deepEqual([second.status, second.body.id, second.body.query], [200, first.body.id, "two"]);
    assert.equal((await save("vera", { name: "again", query: "two", isShared: true })).status, 403);
    assert.equal((await save("olga", { name: "again", query: "three" })).body.id === first.body.id, false);
    assert.deepEqual(await seenBy("vera"), ["again*", "ours"]);
  });

  it("a query that cannot be understood is refused at its field, and every change is in the audit", async () => {
    const refused = await save("olga", { name: "broken", query: "(a OR" });
    assert.equal(refused.status, 400);
    assert.equal(refused.body.error?.issues?.[0]?.field, "query", refused.text);
    const { body } = await testApp.call(
      "GET",
      '/api/v1/audit-entries?filter={"resourceKind":"log-search"}&perPage=100',
    );
    const actions = body.data.map(({ action, resourceName }: Record<string, string>) => `${action} ${resourceName}`);
    for (const entry of ["log-search.create ours", "log-search.update again", "log-search.delete anna's"]) {
      assert.ok(actions.includes(entry), entry);
    }
  });

  it("a token has the searches of its owner; one that is nobody's only shares", async () => {
    const made = await testApp.call("POST", "/api/v1/api-tokens", {
      ...as("olga"),
      body: { name: "t", scopes: ["read"] },
    });
    const { token } = made.body;
    const names = (await testApp.call("GET", path, { token })).body.data.map(({ name }: SavedLogSearch) => name);
    assert.ok(names.includes("mine"));
    assert.equal((await testApp.call("POST", path, { body: { name: "x", query: "y" } })).status, 403);
    assert.equal((await testApp.call("POST", path, { body: { name: "x", query: "y", isShared: true } })).status, 200);
  });

  it("what somebody shared stays when they are gone, what was their own goes", async () => {
    const { id } = people.olga ?? { id: 0 };
    assert.equal((await testApp.call("DELETE", `/api/v1/users/${id}`)).status, 200);
    await save("vera", { name: "later", query: "z" });
    const { body } = await testApp.call("GET", path, as("vera"));
    const ours = body.data.find(({ name }: SavedLogSearch) => name === "ours");
    assert.deepEqual([ours?.author, ours?.isOwn], [null, false]);
    assert.deepEqual(await seenBy("vera"), ["again*", "later*", "ours", "x"]);
  });
});
