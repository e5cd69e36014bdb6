import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import { type TestContext, test } from "node:test";
import type { AgentAnswerHead, AgentQuestion, AgentQuestionDelivery } from "@mycloud/protocol/agent-question";
import { pino } from "pino";
import { Registry } from "prom-client";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { DomainError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { anonymousActor } from "../http/authenticate.ts";
import { createHttpApp } from "../http/create-http-app.ts";
import { createSessionCookie } from "../http/session-cookie.ts";
import { createAgentQuestionRoutes, createAgentQuestions, createQuestionBoard, type QuestionBoard } from "./index.ts";
import type { QuestionLimits } from "./question-limits.ts";

const snapshots: AgentQuestion = { kind: "view", repositoryId: 1, request: { kind: "snapshots" } };
const read: AgentQuestion = { kind: "files", request: { kind: "read", path: "/a", offset: 0, length: null } };
const write: AgentQuestion = { kind: "files", request: { kind: "write", path: "/a", ifVersion: null } };
const noSnapshots: AgentAnswerHead = { view: { kind: "snapshots", snapshots: [] } };
const entry = {
  name: "a",
  path: "/a",
  type: "file" as const,
  sizeBytes: 1,
  modifiedAtMs: 0,
  mode: "-rw-r--r--",
  user: "root",
  group: "root",
  linkTarget: null,
  version: "1",
  isWritable: true,
  changedAtMs: 0,
  repositoryId: 1,
};
const readHead: AgentAnswerHead = { files: { kind: "read", entry, sizeBytes: 1, offset: 0, length: 1 } };
const nowMs = Date.UTC(2026, 10, 23, 15, 0);
const never = new AbortController().signal;

/** A control plane that holds the streams of some hosts. Its agents are called `host1`, `host2`. */
async function startControlPlane(
  context: TestContext,
  database: ConnectedDatabase,
  hostsHere: readonly number[],
  board: QuestionBoard | null,
  limits: Partial<QuestionLimits> = {},
) {
  const delivered: { readonly hostId: number; readonly delivery: AgentQuestionDelivery }[] = [];
  const here = new Set(hostsHere);
  const logger = pino({ level: "silent" });
  const questions = createAgentQuestions({
    database,
    streams: {
      hosts: () => here,
      send(hostId, _event, data) {
        if (here.has(hostId)) delivered.push({ hostId, delivery: data as AgentQuestionDelivery });
        return here.has(hostId);
      },
    },
    board,
    logger,
    now: () => nowMs,
    limits,
  });
  questions.start();
  const agents = new Map<string, Actor>(
    [1, 2].map((hostId) => [`host${hostId}`, { ...anonymousActor(null), kind: "agent", id: `a${hostId}`, hostId }]),
  );
  const app = createHttpApp({
    routes: createAgentQuestionRoutes(questions),
    authenticators: {
      session: async () => null,
      apiToken: async () => null,
      agentToken: async (token) => agents.get(token) ?? null,
    },
    cookie: createSessionCookie(null),
    logger,
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
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  context.after(async () => {
    await questions.stop();
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${address.port}`;
  return {
    questions,
    port: address.port,
    async next(): Promise<AgentQuestionDelivery> {
      for (;;) {
        const first = delivered.shift();
        if (first !== undefined) return first.delivery;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    async answer(questionId: string, agent: string, body: string): Promise<{ status: number; text: string }> {
      const answer = await fetch(`${url}/api/v1/agent/questions/${questionId}/answer`, {
        method: "POST",
        headers: { authorization: `Bearer ${agent}`, "content-type": "application/octet-stream" },
        body,
      });
      return { status: answer.status, text: await answer.text() };
    },
    fetchBody: (questionId: string, agent: string) =>
      fetch(`${url}/api/v1/agent/questions/${questionId}/body`, { headers: { authorization: `Bearer ${agent}` } }),
  };
}

const line = (head: AgentAnswerHead) => `${JSON.stringify(head)}\n`;

async function textOf(body: AsyncIterable<Uint8Array> | null): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of body ?? []) parts.push(part);
  return Buffer.concat(parts).toString();
}

function refusedAs(code: string, words: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof DomainError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, words);
    return true;
  };
}

async function withHosts(database: ConnectedDatabase, lastSeenAtMs: number | null = nowMs - 1000): Promise<void> {
  for (const id of [1, 2]) {
    await database.db
      .insertInto("host")
      .values({
        id,
        name: `web${id}`,
        display_name: null,
        address: null,
        customer: null,
        labels_json: "{}",
        facts_json: "{}",
        groups_json: "[]",
        notes: "",
        freshness_seconds: null,
        origin: "manual",
        max_check_attempts: 3,
        settings_json: "{}",
        created_at_ms: 0,
        updated_at_ms: 0,
      })
      .execute();
    await database.db
      .insertInto("agent")
      .values({
        id: `a${id}`,
        host_id: id,
        public_key_json: "{}",
        version: "1",
        enrolled_at_ms: 0,
        revoked_at_ms: null,
        last_seen_at_ms: lastSeenAtMs,
        started_at_ms: null,
        clock_offset_ms: null,
        status_json: null,
      })
      .execute();
  }
}

forEachDialect((_dialect, open) => {
  test("with two control planes the one that holds the stream delivers, and an answer at the wrong one is sent back", async (context) => {
    const database = await open();
    await withHosts(database);
    const board = createQuestionBoard(database);
    const waits = await startControlPlane(context, database, [], board);
    const holds = await startControlPlane(context, database, [1], board);
    const asked = waits.questions.ask(1, snapshots, { signal: never });
    const { questionId } = await holds.next();
    const wrong = await holds.answer(questionId, "host1", line(noSnapshots));
    assert.equal(wrong.status, 421, wrong.text);
    assert.match(wrong.text, /MYCLOUD_MISDIRECTED/);
    // Not even that it is there is told to another host.
    assert.equal((await holds.answer(questionId, "host2", line(noSnapshots))).status, 404);
    assert.equal((await waits.answer(questionId, "host1", line(noSnapshots))).status, 204);
    assert.deepEqual((await asked).head, noSnapshots);
    const left = await database.db.selectFrom("agent_question").selectAll().execute();
    assert.deepEqual(left, []);
  });
});

async function* parts(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

forEachDialect((dialect, open) => {
  if (dialect !== "sqlite") return;

  test("a question reaches the agent, and its answer whoever asked", async (context) => {
    const database = await open();
    await withHosts(database);
    const plane = await startControlPlane(context, database, [1], null);
    const asked = plane.questions.ask(1, read, { signal: never });
    const { questionId, question, hasBody } = await plane.next();
    assert.deepEqual([question, hasBody], [read, false]);
    const answering = plane.answer(questionId, "host1", `${line(readHead)}x\ny`);
    const answer = await asked;
    assert.deepEqual(answer.head, readHead);
    assert.equal(await textOf(answer.body), "x\ny");
    assert.equal((await answering).status, 204);
    assert.equal((await plane.answer(questionId, "host1", line(readHead))).status, 404);
  });

  test("another host's agent can neither answer a question nor fetch what came with it", async (context) => {
    const database = await open();
    await withHosts(database);
    const plane = await startControlPlane(context, database, [1, 2], createQuestionBoard(database));
    const asked = plane.questions.ask(1, write, { signal: never, body: parts("secret") });
    const { questionId } = await plane.next();
    assert.equal((await plane.answer(questionId, "host2", line(noSnapshots))).status, 404);
    assert.equal((await plane.fetchBody(questionId, "host2")).status, 404);
    assert.equal(await (await plane.fetchBody(questionId, "host1")).text(), "secret");
    assert.equal((await plane.fetchBody(questionId, "host1")).status, 404);
    const changed: AgentAnswerHead = { files: { kind: "changed", entry } };
    assert.equal((await plane.answer(questionId, "host1", line(changed))).status, 204);
    assert.deepEqual((await asked).head, changed);
  });

  test("a machine that is offline is told at once, with since when", async (context) => {
    const database = await open();
    await withHosts(database, Date.UTC(2026, 10, 23, 14, 2));
    const plane = await startControlPlane(context, database, [], createQuestionBoard(database));
    const words = "web1 is offline since 14:02 UTC; its files can be looked at when it is back";
    await assert.rejects(
      plane.questions.ask(1, snapshots, { signal: never }),
      refusedAs("MYCLOUD_UNAVAILABLE", new RegExp(`^${words}$`)),
    );
  });

  test("an agent that hears and does not answer, or does not hear, is not waited for long", async (context) => {
    const database = await open();
    await withHosts(database);
    const limits = { heardWithinMs: 50, headWithinMs: 100 };
    const plane = await startControlPlane(context, database, [1], null, limits);
    const silent = refusedAs("MYCLOUD_UNAVAILABLE", /^web1 does not answer/);
    await assert.rejects(plane.questions.ask(1, snapshots, { signal: never }), silent);
    await plane.next();
    const asked = plane.questions.ask(1, snapshots, { signal: never });
    asked.catch(() => undefined);
    const { questionId } = await plane.next();
    const sent = httpRequest({
      port: plane.port,
      method: "POST",
      path: `/api/v1/agent/questions/${questionId}/answer`,
      headers: { authorization: "Bearer host1" },
    });
    sent.flushHeaders();
    await assert.rejects(asked, silent);
    const [answer] = await once(sent, "response");
    assert.equal(answer.statusCode, 404);
    sent.destroy();
  });

  test("an answer that is none, of another kind or an error is told in words", async (context) => {
    const database = await open();
    await withHosts(database);
    const plane = await startControlPlane(context, database, [1], null);
    const refusal = { code: "MYCLOUD_NOT_ALLOWED" as const, message: "web1 does not allow it", isRetryable: false };
    const cases: [string, string, RegExp][] = [
      ["no json\n", "MYCLOUD_UNAVAILABLE", /not JSON/],
      ["{}\n", "MYCLOUD_UNAVAILABLE", /not understood/],
      ["", "MYCLOUD_UNAVAILABLE", /no end/],
      [line(readHead), "MYCLOUD_UNAVAILABLE", /another question/],
      [line({ error: refusal }), "MYCLOUD_NOT_ALLOWED", /^web1 does not allow it$/],
      [line({ error: { ...refusal, code: "MYCLOUD_AUTHENTICATION" } }), "MYCLOUD_UNAVAILABLE", /web1/],
    ];
    for (const [body, code, words] of cases) {
      const asked = plane.questions.ask(1, snapshots, { signal: never });
      asked.catch(() => undefined);
      const { questionId } = await plane.next();
      assert.equal((await plane.answer(questionId, "host1", body)).status, 204, body);
      await assert.rejects(asked, refusedAs(code, words));
    }
  });

  test("a body that breaks off, or does not move, is not taken for whole", async (context) => {
    const database = await open();
    await withHosts(database);
    const plane = await startControlPlane(context, database, [1], null, { idleMs: 100 });
    for (const isCut of [true, false]) {
      const asked = plane.questions.ask(1, read, { signal: never });
      const { questionId } = await plane.next();
      const sent = httpRequest({
        port: plane.port,
        method: "POST",
        path: `/api/v1/agent/questions/${questionId}/answer`,
        headers: { authorization: "Bearer host1" },
      });
      sent.on("error", () => undefined);
      sent.write(`${line(readHead)}half`);
      const { body } = await asked;
      if (isCut) setTimeout(() => sent.destroy(), 20);
      await assert.rejects(textOf(body), refusedAs("MYCLOUD_UNAVAILABLE", /broke off|nothing came/));
      sent.destroy();
    }
  });

  test("a reader that is slow slows the agent down, and one that is gone stops it", async (context) => {
    const database = await open();
    await withHosts(database);
    const plane = await startControlPlane(context, database, [1], null);
    const asked = plane.questions.ask(1, read, { signal: never });
    const { questionId } = await plane.next();
    const sent = httpRequest({
      port: plane.port,
      method: "POST",
      path: `/api/v1/agent/questions/${questionId}/answer`,
      headers: { authorization: "Bearer host1" },
    });
    const broken = once(sent, "error");
    sent.write(line(readHead));
    const piece = Buffer.alloc(1024 * 1024);
    let written = 0;
    while (written < 64 && sent.write(piece)) written++;
    const { body } = await asked;
    let isDrained = false;
    sent.once("drain", () => {
      isDrained = true;
    });
    for (let more = 0; more < 32; more++) sent.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(isDrained, false, "nobody reads, and still more is taken");
    const iterator = body?.[Symbol.asyncIterator]();
    assert.equal((await iterator?.next())?.done, false);
    await iterator?.return?.();
    await broken;
  });

  test("a machine is asked only so much at once, and whoever gives up makes room", async (context) => {
    const database = await open();
    await withHosts(database);
    const plane = await startControlPlane(context, database, [1], null, { perHost: 2 });
    const gone = new AbortController();
    const waiting = [1, 2].map(() => plane.questions.ask(1, snapshots, { signal: gone.signal }));
    const ended = Promise.allSettled(waiting);
    await plane.next();
    await plane.next();
    await assert.rejects(
      plane.questions.ask(1, snapshots, { signal: never }),
      refusedAs("MYCLOUD_TOO_MANY_REQUESTS", /web1/),
    );
    gone.abort(new Error("gone"));
    await ended;
    const asked = plane.questions.ask(1, snapshots, { signal: never });
    const { questionId } = await plane.next();
    await plane.answer(questionId, "host1", line(noSnapshots));
    assert.deepEqual((await asked).head, noSnapshots);
  });

  test("an upload that breaks off is not taken for whole", async (context) => {
    const database = await open();
    await withHosts(database);
    const plane = await startControlPlane(context, database, [1], null);
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("half");
      throw new Error("aborted");
    }
    const asked = plane.questions.ask(1, write, { signal: never, body: broken() });
    asked.catch(() => undefined);
    const { questionId } = await plane.next();
    await assert.rejects(plane.fetchBody(questionId, "host1").then((answer) => answer.text()));
    await assert.rejects(asked, refusedAs("MYCLOUD_INPUT", /broke off/));
  });
});
