import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { forEachDialect } from "../database/testing/dialects.ts";
import { adminPassword, startTestApp, type TestApp } from "../testing/index.ts";
import { createLoginThrottle } from "./login-throttle.ts";

forEachDialect((dialect, open) => {
  let testApp: TestApp;
  let nowMs = Date.now();
  before(async () => {
    const now = () => nowMs;
    if (dialect === "mariadb") await open();
    testApp = await startTestApp(dialect === "mariadb" ? { now, databaseUrl: open.location() } : { now });
  });
  after(() => testApp.stop());
  const admin = () => testApp.logIn("admin@localhost", adminPassword);
  const whoAmI = (headers: Record<string, string>) => testApp.call("GET", "/api/v1/session", { headers });
  const tryPassword = (email: string, password: string) =>
    testApp.call("POST", "/api/v1/session", { token: null, body: { email, password } });
  const newUser = async (email: string, role = "viewer") => {
    const body = { email, name: email, role, password: "long enough password" };
    const answer = await testApp.call("POST", "/api/v1/users", { body });
    assert.equal(answer.status, 200, answer.text);
    return answer.body;
  };

  it("signing in gives a cookie that scripts cannot read and the session behind it", async () => {
    const answer = await tryPassword(" Admin@localhost ", adminPassword);
    assert.equal(answer.status, 200);
    assert.equal(answer.body.user.role, "admin");
    assert.match(answer.headers.getSetCookie()[0] ?? "", /^mycloud_session=[\w-]{43}; .*HttpOnly; SameSite=Lax$/);
    assert.doesNotMatch(answer.headers.getSetCookie()[0] ?? "", /Secure/);
    const headers = { cookie: answer.headers.getSetCookie()[0]?.split(";")[0] ?? "" };
    assert.deepEqual((await whoAmI(headers)).body, answer.body);
  });

  it("a request that changes something needs the session's CSRF token", async () => {
    const { cookie = "", "x-csrf-token": csrf = "" } = await admin();
    const body = { name: "x", scopes: ["read"] };
    const status = async (headers: Record<string, string>) =>
      (await testApp.call("POST", "/api/v1/api-tokens", { body, headers: { cookie, ...headers } })).status;
    assert.equal(await status({}), 403);
    assert.equal(await status({ "x-csrf-token": "" }), 403);
    assert.equal(await status({ "x-csrf-token": (await admin())["x-csrf-token"] ?? "" }), 403);
    assert.equal(await status({ "x-csrf-token": csrf, origin: "https://evil.example" }), 403);
    assert.equal(await status({ "x-csrf-token": csrf, origin: "null" }), 403);
    assert.equal(await status({ "x-csrf-token": csrf, "sec-fetch-site": "cross-site" }), 403);
    assert.equal(await status({ "x-csrf-token": csrf, origin: testApp.url }), 200);
  });

  it("another site cannot sign a browser in", async () => {
    const answer = await testApp.call("POST", "/api/v1/session", {
      token: null,
      headers: { origin: "https://evil.example" },
      body: { email: "admin@localhost", password: adminPassword },
    });
    assert.equal(answer.status, 403);
  });

  it("a session that somebody planted does not become the one signed in to", async () => {
    const planted = await admin();
    const answer = await testApp.call("POST", "/api/v1/session", {
      headers: { ...planted },
      body: { email: "admin@localhost", password: adminPassword },
    });
    assert.equal(answer.status, 200);
    assert.notEqual(answer.headers.getSetCookie()[0]?.split(";")[0], planted.cookie);
    assert.equal((await whoAmI(planted)).status, 401);
    const invented = await testApp.call("POST", "/api/v1/session", {
      headers: { cookie: "mycloud_session=chosen-by-the-attacker" },
      body: { email: "admin@localhost", password: adminPassword },
    });
    assert.doesNotMatch(invented.headers.getSetCookie()[0] ?? "", /chosen/);
  });

  it("signing out ends the session", async () => {
    const session = await admin();
    assert.equal((await testApp.call("DELETE", "/api/v1/session", { headers: session })).status, 204);
    assert.equal((await whoAmI(session)).status, 401);
  });

  it("a session ends 12 hours after its last use, and 7 days after its start however much it is used", async () => {
    const idle = await admin();
    const used = await admin();
    const startMs = nowMs;
    nowMs += 12 * 3_600_000 - 1000;
    assert.equal((await whoAmI(used)).status, 200);
    nowMs += 2000;
    assert.equal((await whoAmI(idle)).status, 401);
    for (let step = 0; step < 12; step++) {
      assert.equal((await whoAmI(used)).status, 200);
      nowMs += 12 * 3_600_000 - 5000;
    }
    nowMs = startMs + 7 * 86_400_000 + 1;
    assert.equal((await whoAmI(used)).status, 401);
  });

  it("a new password ends the user's other sessions", async () => {
    await newUser("ann@example.org");
    const [here, there] = [
      await testApp.logIn("ann@example.org", "long enough password"),
      await testApp.logIn("ann@example.org", "long enough password"),
    ];
    const change = (currentPassword: string) =>
      testApp.call("PUT", "/api/v1/session/password", {
        headers: here,
        body: { currentPassword, newPassword: "another long password" },
      });
    assert.equal((await change("wrong")).status, 400);
    assert.equal((await change("long enough password")).status, 204);
    assert.equal((await whoAmI(here)).status, 200);
    assert.equal((await whoAmI(there)).status, 401);
    assert.equal((await tryPassword("ann@example.org", "another long password")).status, 200);
  });

  it("disabling or removing a user ends what is open", async () => {
    const { id } = await newUser("ben@example.org");
    const session = await testApp.logIn("ben@example.org", "long enough password");
    const disabled = await testApp.call("PUT", `/api/v1/users/${id}`, { body: { isDisabled: true } });
    assert.equal(disabled.body.isDisabled, true);
    assert.equal((await whoAmI(session)).status, 401);
    assert.equal((await tryPassword("ben@example.org", "long enough password")).status, 401);
    assert.equal((await testApp.call("DELETE", `/api/v1/users/${id}`)).status, 200);
  });

  it("an unknown address and a wrong password are answered alike", async () => {
    await newUser("cat@example.org");
    const wrong = await tryPassword("cat@example.org", "not her password");
    const unknown = await tryPassword("nobody@example.org", "not her password");
    const strip = ({ body }: typeof wrong) => ({ ...body.error, requestId: "" });
    assert.equal(wrong.status, 401);
    assert.deepEqual(strip(wrong), strip(unknown));
  });

  it("after five failures an account is blocked for growing time, even for the right password", async () => {
    await newUser("dan@example.org");
    for (let attempt = 0; attempt < 5; attempt++) {
      assert.equal((await tryPassword("dan@example.org", "wrong")).status, 401);
    }
    const blocked = await tryPassword("dan@example.org", "long enough password");
    assert.equal(blocked.status, 429);
    assert.equal(blocked.headers.get("retry-after"), "5");
    nowMs += 5_001;
    assert.equal((await tryPassword("dan@example.org", "wrong")).status, 401);
    const longer = await tryPassword("dan@example.org", "wrong");
    assert.equal(longer.headers.get("retry-after"), "10");
    nowMs += 10_001;
    assert.equal((await tryPassword("dan@example.org", "long enough password")).status, 200);
    assert.equal((await tryPassword("dan@example.org", "wrong")).status, 401);
  });

  it("many tries at once are not let through together", async () => {
    await newUser("eve@example.org");
    const answers = await Promise.all(Array.from({ length: 20 }, () => tryPassword("eve@example.org", "wrong")));
    const tried = answers.filter(({ status }) => status === 401).length;
    assert.equal(tried, 5);
    assert.equal(answers.filter(({ status }) => status === 429).length, 15);
  });

  it("sign-ins, sign-outs and password changes are in the audit, without a secret", async () => {
    const { body, text } = await testApp.call("GET", "/api/v1/audit-entries?perPage=1000");
    const actions = new Set(body.data.map((entry: { action: string }) => entry.action));
    for (const action of ["session.login", "session.logout", "user.change-password", "user.create", "user.update"]) {
      assert.ok(actions.has(action), action);
    }
    for (const secret of ["long enough password", adminPassword, "argon2id", testApp.operatorToken]) {
      assert.ok(!text.includes(secret), secret);
    }
  });

  it("tries of one account that come and are forgiven at once never fail for want of a lock", async () => {
    const database = await open();
    let nowMs = 1_000;
    const throttle = createLoginThrottle(database, () => nowMs);
    for (let round = 0; round < 15; round++) {
      nowMs += 24 * 3_600_000;
      const signIn = async () => {
        await throttle.countTry("ann@example.org", "192.0.2.1");
        await throttle.forgive("ann@example.org", "192.0.2.1");
      };
      await Promise.all([signIn(), signIn(), signIn(), signIn()]);
    }
    const left = await database.db.selectFrom("login_throttle").select(["id", "failures"]).execute();
    assert.deepEqual({ ...left[0] }, { id: "address:192.0.2.1", failures: 0 });
  });
});
