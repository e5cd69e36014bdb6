import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { type TestContext, test } from "node:test";
import type { FileRequest, LiveEntry } from "@mycloud/protocol/agent-question";
import { pino } from "pino";
import { Registry } from "prom-client";
import { type AskAgent, UnansweredError } from "../agent-question/index.ts";
import { createAuditLog } from "../audit/index.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { NotAllowedError, PreconditionError, UnavailableError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { anonymousActor } from "../http/authenticate.ts";
import { createHttpApp } from "../http/create-http-app.ts";
import { createSessionCookie } from "../http/session-cookie.ts";
import { createStaffAccess } from "../staff-access/index.ts";
import { createChangeRoutes } from "./change-routes.ts";
import { createContentRoutes } from "./content-routes.ts";
import { createFolderRoutes } from "./folder-routes.ts";
import { writeCondition } from "./write-condition.ts";

const content = "<script>alert(1)</script>";
const entry: LiveEntry = {
  name: 'a\u202e"\n.html',
  path: "/srv/a.html",
  type: "file",
  sizeBytes: content.length,
  modifiedAtMs: 0,
  mode: "-rw-r--r--",
  user: "ada",
  group: "ada",
  linkTarget: null,
  version: "1.a.b",
  isWritable: true,
  changedAtMs: 0,
  repositoryId: 1,
};

/** Routes over a machine of the customer acme; `answer` is its agent. */
async function start(context: TestContext, open: Parameters<Parameters<typeof forEachDialect>[0]>[1]) {
  const database = await open();
  await database.db
    .insertInto("host")
    .values({
      id: 1,
      name: "web1",
      display_name: null,
      address: null,
      customer: "acme",
      labels_json: "{}",
      facts_json: "{}",
      groups_json: "[]",
      notes: "",
      origin: "manual",
      max_check_attempts: 3,
      freshness_seconds: null,
      settings_json: "{}",
      created_at_ms: 0,
      updated_at_ms: 0,
    })
    .execute();
  const asked: FileRequest[] = [];
  let uploaded = "";
  let failure: Error | null = null;
  const ask: AskAgent = async (_hostId, question, { body }) => {
    assert.ok(question.kind === "files");
    const { request } = question;
    asked.push(request);
    if (failure !== null) throw failure;
    uploaded = "";
    for await (const part of body ?? []) uploaded += Buffer.from(part).toString();
    if (request.kind === "roots") return { head: { files: { kind: "roots", roots: [entry] } }, body: null };
    if (request.kind === "list") {
      return { head: { files: { kind: "list", entry, entries: [entry], total: 1 } }, body: null };
    }
    if (request.kind !== "read") return { head: { files: { kind: "changed", entry } }, body: null };
    const part = content.slice(request.offset, request.offset + (request.length ?? content.length));
    async function* parts() {
      if (part !== "") yield Buffer.from(part);
    }
    const head = {
      kind: "read" as const,
      entry,
      sizeBytes: content.length,
      offset: request.offset,
      length: part.length,
    };
    return { head: { files: head }, body: parts() };
  };
  const audit = createAuditLog(Date.now);
  const files = { database, audit, ask, staff: createStaffAccess({ database, audit, now: Date.now }) };
  const user = (role: Actor["role"], customer: string | null): Actor => ({
    ...anonymousActor(null),
    kind: "user",
    id: "1",
    name: `${role} ${customer}`,
    role,
    customer,
  });
  const actors = new Map([
    ["mc_member", user("operator", "acme")],
    ["mc_viewer", user("viewer", "acme")],
    ["mc_stranger", user("admin", "other")],
    ["mc_staff", user("admin", null)],
  ]);
  const app = createHttpApp({
    routes: [...createFolderRoutes(files), ...createContentRoutes(files), ...createChangeRoutes(files)],
    authenticators: {
      session: async () => null,
      apiToken: async (token) => actors.get(token) ?? null,
      agentToken: async () => null,
    },
    cookie: createSessionCookie(null),
    logger: pino({ level: "silent" }),
    registry: new Registry(),
    checkReady: async () => {},
    databaseTrouble: () => null,
    publicUrl: null,
    trustProxy: false,
    consoleDirectory: "/nonexistent",
    version: "0",
  });
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return {
    asked,
    uploaded: () => uploaded,
    fail(error: Error | null) {
      failure = error;
    },
    async call(who: string, method: string, path: string, headers: Record<string, string> = {}, body?: string) {
      const answer = await fetch(`http://127.0.0.1:${address.port}/api/v1/machines/1/files${path}`, {
        method,
        headers: { authorization: `Bearer mc_${who}`, ...headers },
        ...(body === undefined ? {} : { body }),
      });
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    },
    async notes(): Promise<string[]> {
      const rows = await database.db.selectFrom("audit_entry").selectAll().orderBy("id").execute();
      return rows.map(({ actor_name: who, action, after_json: after }) => `${who}: ${action} ${after}`);
    },
  };
}

const json = { "content-type": "application/json" };

forEachDialect((dialect, open) => {
  if (dialect !== "sqlite") return;

  test("content is answered whole, in parts and by its version, and does nothing in a browser", async (context) => {
    const { call } = await start(context, open);
    const whole = await call("viewer", "GET", "/content?path=/srv/a.html&download=0");
    assert.deepEqual([whole.status, whole.text], [200, content]);
    const { headers } = whole;
    assert.equal(headers.get("content-type"), "application/octet-stream");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.match(headers.get("content-security-policy") ?? "", /^sandbox/);
    assert.match(headers.get("content-disposition") ?? "", /^attachment; filename="a__/);
    assert.equal(headers.get("etag"), '"1.a.b"');
    const part = await call("viewer", "GET", "/content?path=/srv/a.html", { range: "bytes=-9" });
    assert.deepEqual([part.status, part.text], [206, "</script>"]);
    assert.equal(part.headers.get("content-range"), `bytes 16-24/${content.length}`);
    const behind = await call("viewer", "GET", "/content?path=/srv/a.html", { range: "bytes=99-" });
    assert.equal(behind.status, 416);
    const known = await call("viewer", "GET", "/content?path=/srv/a.html", { "if-none-match": '"1.a.b"' });
    assert.deepEqual([known.status, known.text], [304, ""]);
    const head = await call("viewer", "HEAD", "/content?path=/srv/a.html");
    assert.deepEqual([head.status, head.headers.get("content-length")], [200, String(content.length)]);
  });

  test("conditions go to the machine, which alone can keep to them", async (context) => {
    const { call, asked, uploaded, fail } = await start(context, open);
    const put = (headers: Record<string, string>) =>
      call("member", "PUT", "/content?path=/srv/a.html", headers, "new content");
    for (const [headers, ifVersion] of [
      [{}, null],
      [{ "if-match": '"1.a.b"' }, "1.a.b"],
      [{ "if-match": "*" }, "*"],
      [{ "if-none-match": "*" }, "none"],
    ] as const) {
      const answer = await put(headers);
      assert.deepEqual([answer.status, uploaded(), answer.headers.get("etag")], [200, "new content", '"1.a.b"']);
      assert.deepEqual(asked.at(-1), { kind: "write", path: "/srv/a.html", ifVersion });
    }
    for (const headers of [{ "if-match": "1.a.b" }, { "if-match": 'W/"1"' }, { "if-none-match": '"1"' }]) {
      assert.equal((await put(headers)).status, 400);
    }
    assert.throws(() => writeCondition('"1"', "*"), /not both/);
    fail(new PreconditionError("changed by somebody else"));
    assert.equal((await put({ "if-match": '"1.a.b"' })).status, 412);
  });

  test("only whose machine it is gets near it, and only who acts changes anything", async (context) => {
    const { call, asked } = await start(context, open);
    const every: [string, string, string?][] = [
      ["GET", ""],
      ["GET", "?path=/srv"],
      ["GET", "/content?path=/srv/a"],
      ["PUT", "/content?path=/srv/a", "x"],
      ["POST", "/make-folder", '{"path":"/srv/a"}'],
      ["POST", "/rename", '{"path":"/srv/a","to":"/srv/b"}'],
      ["POST", "/delete", '{"path":"/srv/a","isRecursive":true}'],
    ];
    for (const [method, path, body] of every) {
      const status = async (who: string) => (await call(who, method, path, json, body)).status;
      const isChange = method !== "GET";
      assert.deepEqual(
        [await status("stranger"), await status("viewer"), await status("member")],
        [404, isChange ? 403 : 200, 200],
        `${method} ${path}`,
      );
    }
    const [first] = asked;
    assert.deepEqual(first, { kind: "roots" }, "a stranger's request reaches no machine");
  });

  test("changes are noted with what became of them, and what staff look at, and never content", async (context) => {
    const { call, fail, notes } = await start(context, open);
    await call("member", "GET", "/content?path=/srv/a");
    await call("member", "PUT", "/content?path=/srv/a", {}, "secret content");
    await call("member", "POST", "/delete", json, '{"path":"/srv/a"}');
    fail(new NotAllowedError("no"));
    await call("member", "POST", "/delete", json, '{"path":"/srv/b"}');
    fail(new UnavailableError("web1 is offline"));
    await call("member", "POST", "/delete", json, '{"path":"/srv/c"}');
    fail(new UnansweredError("web1 does not answer"));
    await call("member", "POST", "/rename", json, '{"path":"/srv/d","to":"/srv/e"}');
    fail(null);
    for (const path of ["", "?path=/srv", "/content?path=/srv/a", "/content?path=/srv/a"])
      await call("staff", "GET", path);
    assert.deepEqual(await notes(), [
      'operator acme: machine-file.write {"path":"/srv/a","outcome":"done","sizeBytes":14}',
      'operator acme: machine-file.delete {"path":"/srv/a","outcome":"done","isRecursive":false}',
      'operator acme: machine-file.rename {"path":"/srv/d","outcome":"not known: the machine was lost on the way","to":"/srv/e"}',
      'admin null: machine-file.browse {"path":null}',
      'admin null: machine-file.read {"path":"/srv/a"}',
    ]);
  });
});
