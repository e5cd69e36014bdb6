import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { forEachDialect } from "../database/testing/dialects.ts";
import { startTestApp, type TestApp } from "../testing/index.ts";

const password = "long enough password";

forEachDialect((dialect, open) => {
  let testApp: TestApp;
  let nowMs = Date.now();
  before(async () => {
    const now = () => nowMs;
    if (dialect === "mariadb") await open();
    testApp = await startTestApp(dialect === "mariadb" ? { now, databaseUrl: open.location() } : { now });
  });
  after(() => testApp.stop());

  const user = async (name: string, role: string, customer: string | null = null) => {
    const body = { email: `${name}@example.org`, name, role, customer, password };
    const answer = await testApp.call("POST", "/api/v1/users", { body });
    assert.equal(answer.status, 200, answer.text);
    return { id: answer.body.id as number, headers: await testApp.logIn(body.email, password) };
  };
  const create = (body: Record<string, unknown>, as: { headers?: Record<string, string>; token?: string } = {}) =>
    testApp.call("POST", "/api/v1/api-tokens", { body: { name: "t", ...body }, ...as });
  const statusOf = async (token: string, path = "/api/v1/session") =>
    (await testApp.call("GET", path, { token })).status;

  it("a token is shown once and then only by its first characters", async () => {
    const { body } = await create({ scopes: ["read"] });
    assert.match(body.token, /^mc_[\w-]{43}$/);
    const shown = await testApp.call("GET", `/api/v1/api-tokens/${body.id}`);
    assert.equal(shown.body.prefix, body.token.slice(0, 8));
    assert.ok(!shown.text.includes(body.token));
    assert.equal((await testApp.call("GET", "/api/v1/session", { token: body.token })).body.user.role, "viewer");
  });

  it("a scope opens what its role may do and no more", async () => {
    const token = async (scopes: string[]) => (await create({ scopes })).body.token as string;
    assert.equal(await statusOf(await token(["read"]), "/api/v1/users"), 403);
    assert.equal(await statusOf(await token(["write"]), "/api/v1/users"), 403);
    assert.equal(await statusOf(await token(["admin"]), "/api/v1/users"), 200);
    assert.equal(await statusOf(await token(["ingest"]), "/api/v1/session"), 403);
  });

  it("nobody grants what they do not have", async () => {
    const { headers } = await user("viewer1", "viewer");
    assert.equal((await create({ scopes: ["read"] }, { headers })).status, 200);
    for (const scope of ["write", "admin", "ingest", "ingest:register"]) {
      assert.equal((await create({ scopes: ["read", scope] }, { headers })).status, 403, scope);
    }
    const { token } = (await create({ scopes: ["admin"] })).body;
    assert.equal((await create({ scopes: ["write"] }, { token })).status, 200);
    assert.equal((await create({ scopes: ["ingest"] }, { token })).status, 403);
  });

  it("an app password stands alone, opens no route, and is found by its scope", async () => {
    assert.equal((await create({ scopes: ["read", "webdav"] })).status, 400);
    const { headers } = await user("viewer2", "viewer", "davcorp");
    const made = await create({ scopes: ["webdav"], name: "laptop" }, { headers });
    assert.deepEqual([made.status, made.body.role, made.body.customer], [200, null, "davcorp"]);
    for (const path of ["/api/v1/session", "/api/v1/machines", "/api/v1/backup-repositories", "/api/v1/api-tokens"]) {
      assert.equal(await statusOf(made.body.token, path), 403, path);
    }
    assert.equal((await create({ scopes: ["webdav"] }, { token: made.body.token })).status, 403);
    const list = await testApp.call("GET", '/api/v1/api-tokens?filter={"scope":"webdav"}', { headers });
    assert.deepEqual(
      list.body.data.map((each: { name: string }) => each.name),
      ["laptop"],
    );
    const dav = (password: string) =>
      testApp.call("GET", "/dav/", {
        headers: { authorization: `Basic ${Buffer.from(`me:${password}`).toString("base64")}` },
      });
    assert.equal((await dav(made.body.token)).status, 200);
    assert.equal((await dav((await create({ scopes: ["admin"] })).body.token)).status, 401);
  });

  it("a token made with a token does not outlive it", async () => {
    const parent = (await create({ scopes: ["admin"], lifetimeSeconds: 3600 })).body;
    const child = (await create({ scopes: ["read"], lifetimeSeconds: null }, { token: parent.token })).body;
    assert.equal(child.expiresAtMs, parent.expiresAtMs);
    nowMs += 3_600_001;
    assert.equal(await statusOf(parent.token), 401);
    assert.equal(await statusOf(child.token), 401);
  });

  it("a customer's token sees that customer's, whatever was asked for", async () => {
    const { headers } = await user("acme1", "admin", "acme");
    assert.equal((await create({ scopes: ["admin"], customer: "other" }, { headers })).status, 403);
    const made = await create({ scopes: ["admin"] }, { headers });
    assert.equal(made.body.customer, "acme");
    const { token } = made.body;
    const users = await testApp.call("GET", "/api/v1/users", { token });
    assert.deepEqual(
      users.body.data.map((each: { name: string }) => each.name),
      ["acme1"],
    );
    assert.equal((await testApp.call("GET", "/api/v1/users/1", { token })).status, 404);
    assert.equal((await testApp.call("GET", "/api/v1/audit-entries", { token })).status, 403);
    const body = { email: "x@example.org", name: "x", role: "viewer", password };
    assert.equal((await testApp.call("POST", "/api/v1/users", { token, body })).status, 403);
    assert.equal(
      (await testApp.call("POST", "/api/v1/users", { token, body: { ...body, customer: "acme" } })).status,
      200,
    );
  });

  it("people see their own tokens, administrators all", async () => {
    const [one, two] = [await user("op1", "operator"), await user("op2", "operator")];
    const { id } = (await create({ scopes: ["write"], name: "of op1" }, { headers: one.headers })).body;
    const names = async (headers: Record<string, string>) =>
      (await testApp.call("GET", "/api/v1/api-tokens", { headers })).body.data.map(
        (each: { name: string }) => each.name,
      );
    assert.deepEqual(await names(one.headers), ["of op1"]);
    assert.deepEqual(await names(two.headers), []);
    assert.equal((await testApp.call("DELETE", `/api/v1/api-tokens/${id}`, { headers: two.headers })).status, 404);
    assert.equal((await testApp.call("GET", `/api/v1/api-tokens/${id}`)).status, 200);
  });

  it("a demoted user's token is demoted, a disabled user's is none, and a revoked one ends at once", async () => {
    const { id, headers } = await user("op3", "operator");
    const { token } = (await create({ scopes: ["write", "ingest"] }, { headers })).body;
    const roleNow = async () => {
      nowMs += 3_000;
      return (await testApp.call("GET", "/api/v1/session", { token })).body?.user?.role;
    };
    assert.equal(await roleNow(), "operator");
    await testApp.call("PUT", `/api/v1/users/${id}`, { body: { role: "viewer" } });
    assert.equal(await roleNow(), "viewer");
    await testApp.call("PUT", `/api/v1/users/${id}`, { body: { isDisabled: true } });
    assert.equal(await roleNow(), undefined);
    const revoked = (await create({ scopes: ["read"] })).body;
    assert.equal(await statusOf(revoked.token), 200);
    assert.equal((await testApp.call("DELETE", `/api/v1/api-tokens/${revoked.id}`)).status, 200);
    assert.equal(await statusOf(revoked.token), 401);
  });

  it("the last use of a token is noted, at most once a minute", async () => {
    const { id, token } = (await create({ scopes: ["read"] })).body;
    const lastUsed = async () => (await testApp.call("GET", `/api/v1/api-tokens/${id}`)).body.lastUsedAtMs;
    // It is written beside the answer, not before it.
    const becomes = async (expectedMs: number) => {
      for (let tries = 0; tries < 100 && (await lastUsed()) !== expectedMs; tries++) await setTimeout(20);
      assert.equal(await lastUsed(), expectedMs);
    };
    assert.equal(await lastUsed(), null);
    const firstMs = nowMs;
    await statusOf(token);
    await becomes(firstMs);
    nowMs += 30_000;
    await statusOf(token);
    assert.equal(await lastUsed(), firstMs);
    nowMs += 40_000;
    await statusOf(token);
    await becomes(nowMs);
  });
});

it("the operator's token stays over a restart while it is valid, and is made again when it is not", async () => {
  const first = await startTestApp();
  const { stateDir } = first;
  const file = join(stateDir, "operator-token");
  const restart = async (running: TestApp) => {
    await running.app.stop();
    return await startTestApp({ settings: { stateDir } });
  };
  const second = await restart(first);
  assert.equal(second.operatorToken, first.operatorToken);
  await writeFile(file, "mc_not-a-token-any-more\n");
  const third = await restart(second);
  try {
    const token = (await readFile(file, "utf8")).trim();
    assert.notEqual(token, first.operatorToken);
    assert.equal((await third.call("GET", "/api/v1/users", { token })).status, 200);
  } finally {
    await third.app.stop();
  }
});
