// Two control planes on one MariaDB: either may be asked, and one may die.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createDatabase, startMariadb } from "../peers/mariadb.ts";
import { requirePeer } from "../peers/peer.ts";
import { type Api, followEvents, startServer, waitFor } from "../support/index.ts";

const adminPassword = "the same for both of them";
const list = async (api: Api, path: string) => (await api("GET", path)).body.data;

test("two control planes on one database answer alike, do each thing once, and outlive each other", async (t) => {
  if (!requirePeer(t, "/usr/sbin/mariadbd", "mariadb-server")) return;
  const peer = await startMariadb({ isPrivate: true });
  t.after(() => peer.stop());
  const env = {
    MYCLOUD_DATABASE_URL: await createDatabase(peer.url, "mycloud"),
    MYCLOUD_ADMIN_PASSWORD: adminPassword,
    // Nothing listens there: messages stay in the queue to be counted.
    MYCLOUD_SMTP_URL: "smtp://127.0.0.1:1",
  };
  // Both at once: migrations, the administrator and the default definitions must come about once.
  const [one, other] = await Promise.all([startServer(t, { env }), startServer(t, { env })]);
  const users = await list(one.api, "/api/v1/users");
  assert.equal(users.length, 1);
  assert.deepEqual(await list(other.api, "/api/v1/users"), users);
  assert.deepEqual(await list(other.api, "/api/v1/checks"), await list(one.api, "/api/v1/checks"));

  const events = await followEvents(t, other.url, other.operatorToken);
  const item = { host: "web1", service: "shop", returnCode: 0, output: "OK" };
  assert.equal((await one.api("POST", "/api/v1/check-results", { body: [item] })).status, 200);
  // A key counts for the token it comes with.
  const headers = { "idempotency-key": "once-and-only-once" };
  const critical = { ...item, returnCode: 2, output: "CRITICAL" };
  const answers = await Promise.all(
    [one, other, one, other].map(({ api }) =>
      api("POST", "/api/v1/check-results", { body: [critical], headers, token: one.operatorToken }),
    ),
  );
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200],
  );
  assert.equal(answers.filter(({ body }) => !body.isDuplicate).length, 1, "a batch sent to both was stored twice");
  const problem = await waitFor(
    async () => (await list(other.api, "/api/v1/problems"))[0],
    5_000,
    "the problem at the other",
  );
  assert.equal(problem.serviceName, "shop");
  await waitFor(() => events.heard.some(({ type }) => type === "services"), 5_000, "the other to tell its pages");
  const notifications = await list(other.api, "/api/v1/notifications");
  assert.equal(notifications.length, 1, "a problem was told of twice");

  const login = await one.api("POST", "/api/v1/session", {
    token: null,
    body: { email: "admin@localhost", password: adminPassword },
  });
  assert.equal(login.status, 200);
  const cookie = (login.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
  const session = await other.api("GET", "/api/v1/session", { token: null, headers: { cookie } });
  assert.equal(session.status, 200);
  assert.equal(session.body.user.email, "admin@localhost");

  await one.kill();
  const recovery = await other.api("POST", "/api/v1/check-results", { body: [item] });
  assert.equal(recovery.status, 200);
  assert.deepEqual(await list(other.api, "/api/v1/problems"), []);
  await one.start();
  assert.equal((await one.api("GET", "/api/v1/session")).status, 200);
  assert.deepEqual(await list(one.api, "/api/v1/problems"), []);
});
