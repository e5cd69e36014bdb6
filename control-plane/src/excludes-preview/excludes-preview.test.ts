import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { type TestContext, test } from "node:test";
import type { AgentQuestion } from "@mycloud/protocol/agent-question";
import { ExcludesPreview } from "@mycloud/protocol/backup-policy";
import { ErrorBody } from "@mycloud/protocol/error";
import { pino } from "pino";
import { Registry } from "prom-client";
import type { AgentAnswer, AskAgent } from "../agent-question/index.ts";
import { createAuditLog } from "../audit/index.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { InputError, UnavailableError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { anonymousActor } from "../http/authenticate.ts";
import { createHttpApp } from "../http/create-http-app.ts";
import { createSessionCookie } from "../http/session-cookie.ts";
import { createStaffAccess } from "../staff-access/index.ts";
import { createExcludesPreviewRoutes } from "./index.ts";

const preview: ExcludesPreview = {
  kept: { files: 2, folders: 1, others: 0, bytes: 30 },
  rules: [
    {
      kind: "exclude",
      text: "*.tmp",
      isTakingBack: false,
      files: 1,
      folders: 0,
      others: 0,
      bytes: 10,
      isWhole: true,
      examples: [{ path: "/srv/a.tmp", isFolder: false, files: 1, bytes: 10 }],
    },
  ],
  unread: { count: 0, named: [] },
  uncountedMounts: 0,
  isWhole: true,
  durationMs: 5,
};

/** The route over a machine of the customer acme, which answers as it is told. */
async function start(context: TestContext, open: Parameters<Parameters<typeof forEachDialect>[0]>[1]) {
  const database = await open();
  const host = {
    id: 1,
    name: "web1",
    display_name: null,
    address: null,
    customer: "acme",
    labels_json: "{}",
    facts_json: "{}",
    groups_json: "[]",
    notes: "",
    origin: "manual" as const,
    max_check_attempts: 3,
    freshness_seconds: null,
    settings_json: "{}",
    created_at_ms: 0,
    updated_at_ms: 0,
  };
  await database.db.insertInto("host").values(host).execute();
  const asked: AgentQuestion[] = [];
  let answer: AgentAnswer["head"] | Error = { excludes: preview };
  const ask: AskAgent = async (_hostId, question) => {
    asked.push(question);
    if (answer instanceof Error) throw answer;
    return { head: answer, body: null };
  };
  const audit = createAuditLog(Date.now);
  const user = (role: Actor["role"], customer: string | null): Actor => ({
    ...anonymousActor(null),
    kind: "user",
    id: "1",
    name: `${role} ${customer}`,
    role,
    customer,
  });
  const actors = new Map([
    ["mc_member", user("admin", "acme")],
    ["mc_viewer", user("viewer", null)],
    ["mc_staff", user("operator", null)],
  ]);
  const app = createHttpApp({
    routes: createExcludesPreviewRoutes({
      database,
      ask,
      staff: createStaffAccess({ database, audit, now: Date.now }),
    }),
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
    answer(next: AgentAnswer["head"] | Error) {
      answer = next;
    },
    async call(who: string | null, body: unknown) {
      const response = await fetch(`http://127.0.0.1:${address.port}/api/v1/backup-policies/preview`, {
        method: "POST",
        headers: { "content-type": "application/json", ...(who === null ? {} : { authorization: `Bearer ${who}` }) },
        body: JSON.stringify(body),
      });
      const answered = ErrorBody.partial()
        .loose()
        .parse(await response.json());
      return { status: response.status, body: answered };
    },
    async noted() {
      const rows = await database.db.selectFrom("audit_entry").select(["action", "resource_name"]).execute();
      return rows.map((row) => ({ ...row }));
    },
  };
}

const content = { paths: ["/srv"], exclude: ["*.tmp"] };

forEachDialect((_dialect, open) => {
  test("staff with the role see what rules leave out, which is noted once of a customer's machine", async (context) => {
    const { call, asked, noted } = await start(context, open);
    const { status, body } = await call("mc_staff", { hostId: 1, content });
    assert.deepEqual([status, ExcludesPreview.parse(body)], [200, preview]);
    const [question] = asked;
    assert.ok(question?.kind === "excludes");
    assert.deepEqual([question.content.exclude, question.content.excludeCaches], [["*.tmp"], true]);
    await call("mc_staff", { hostId: 1, content: { ...content, exclude: [] } });
    assert.deepEqual(await noted(), [{ action: "backup-policy.preview", resource_name: "web1" }]);
    for (const [who, expected] of [
      ["mc_member", 403],
      ["mc_viewer", 403],
      [null, 401],
    ] as const) {
      assert.equal((await call(who, { hostId: 1, content })).status, expected, String(who));
    }
    assert.equal((await call("mc_staff", { hostId: 2, content })).status, 404);
    assert.equal(asked.length, 2);
  });

  test("a machine that is offline, and rules that mean nothing, are said in words", async (context) => {
    const { call, answer, noted } = await start(context, open);
    answer(new UnavailableError("web1 is offline since 14:02 UTC", 60));
    const offline = await call("mc_staff", { hostId: 1, content });
    assert.deepEqual([offline.status, offline.body.error?.message], [503, "web1 is offline since 14:02 UTC"]);
    answer(new InputError("these patterns are malformed: [a"));
    assert.equal((await call("mc_staff", { hostId: 1, content })).status, 400);
    answer({ files: { kind: "roots", roots: [] } });
    assert.equal((await call("mc_staff", { hostId: 1, content })).status, 503);
    assert.deepEqual(await noted(), []);
  });

  test("what is no content of a policy is refused before anybody is asked", async (context) => {
    const { call, asked } = await start(context, open);
    const many = Array.from({ length: 1001 }, () => "a");
    for (const body of [
      {},
      null,
      { hostId: "1; DROP TABLE host", content },
      { hostId: -1, content },
      { hostId: 1, content: { paths: [] } },
      { hostId: 1, content: { paths: ["relative"] } },
      { hostId: 1, content: { ...content, exclude: many } },
      { hostId: 1, content: { ...content, exclude: ["a".repeat(4097)] } },
      { hostId: 1, content: { ...content, excludeLargerThanBytes: -5 } },
    ]) {
      assert.equal((await call("mc_staff", body)).status, 400, JSON.stringify(body).slice(0, 80));
    }
    const large = Array.from({ length: 300 }, () => "a".repeat(4000));
    assert.equal((await call("mc_staff", { hostId: 1, content: { ...content, exclude: large } })).status, 413);
    assert.deepEqual(asked, []);
  });
});
