import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pino } from "pino";
import { Registry } from "prom-client";
import { z } from "zod";
import { UnavailableError } from "../error/index.ts";
import { anonymousActor } from "./authenticate.ts";
import { createHttpApp } from "./create-http-app.ts";
import { createEventStreams } from "./event-stream.ts";
import { stopServer } from "./listen.ts";
import { forEveryone, forViewers, Reply, route } from "./route.ts";
import { createSessionCookie } from "./session-cookie.ts";

const viewer = { ...anonymousActor(null), kind: "user", id: "1", name: "ann", role: "viewer" } as const;

// Tests look into answers and fail when they are not as expected.
const json = async (answer: globalThis.Response) => z.any().parse(await answer.json());

describe("the HTTP app", () => {
  let url = "";
  let server: Server;
  let directory = "";
  let isReady = true;
  const lines: string[] = [];
  const streams = createEventStreams(() => 0);
  const registry = new Registry();
  let aborted: (() => void) | undefined;

  const routes = [
    route({
      method: "post",
      path: "/api/v1/echo/:id",
      summary: "Echo",
      access: forViewers,
      params: z.object({ id: z.coerce.number().int() }),
      query: z.object({ flag: z.enum(["on", "off"]).default("off") }),
      body: z.object({
        name: z.string(),
        items: z.array(z.object({ size: z.number() })).default([]),
        password: z.string().min(5).optional(),
      }),
      handle: async ({ params, query, body, actor }) => ({ params, query, body, actor: actor.name }),
    }),
    route({
      method: "get",
      path: "/api/v1/broken",
      summary: "Fails",
      access: forEveryone,
      handle: async () => {
        throw new Error("secret inner workings at db.ts");
      },
    }),
    route({
      method: "get",
      path: "/api/v1/away",
      summary: "Away",
      access: forEveryone,
      handle: async () => {
        throw new UnavailableError("not now", 7);
      },
    }),
    route({
      method: "get",
      path: "/api/v1/lost",
      summary: "Lost",
      access: forEveryone,
      handle: async () => {
        throw new Error("ECONNREFUSED");
      },
    }),
    route({
      method: "get",
      path: "/api/v1/made",
      summary: "Reply",
      access: forEveryone,
      handle: async () => new Reply(202, { made: true }, { "x-own": "1" }),
    }),
    route({
      method: "get",
      path: "/api/v1/large",
      summary: "Large",
      access: forEveryone,
      handle: async () => "x".repeat(20_000),
    }),
    route({
      method: "get",
      path: "/api/v1/stream",
      summary: "Stream",
      access: forEveryone,
      answerKind: "stream",
      handle: async ({ response }) => {
        streams.open(response).send("services", { ids: [1] });
      },
    }),
    route({
      method: "get",
      path: "/api/v1/slow",
      summary: "Slow",
      access: forEveryone,
      handle: ({ signal }) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => {
            aborted?.();
            resolve(null);
          });
        }),
    }),
  ];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "mycloud-console-"));
    await mkdir(join(directory, "assets"));
    await writeFile(join(directory, "index.html"), "<title>console</title>");
    await writeFile(join(directory, "assets", "app-1a2b.js"), "//");
    const app = createHttpApp({
      routes,
      authenticators: {
        session: async () => null,
        apiToken: async (token) => (token === "mc_viewer" ? viewer : null),
        agentToken: async () => null,
      },
      cookie: createSessionCookie(null),
      logger: pino({ level: "debug" }, { write: (line) => lines.push(line) }),
      registry,
      checkReady: async () => {
        if (!isReady) throw new Error("migrating");
      },
      databaseTrouble: (error) =>
        error instanceof Error && error.message === "ECONNREFUSED"
          ? "the database does not answer at the moment"
          : null,
      publicUrl: null,
      trustProxy: false,
      consoleDirectory: directory,
      version: "1.2.3",
      publicRequestsPerMinute: 40,
    });
    server = createServer(app).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    url = `http://127.0.0.1:${address.port}`;
  });

  after(async () => {
    await stopServer(server, streams);
    await rm(directory, { recursive: true, force: true });
  });

  const echo = (path: string, body: unknown) =>
    fetch(`${url}/api/v1/echo/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer mc_viewer" },
      body: JSON.stringify(body),
    });

  it("a handler gets parsed params, query and body, and who asks", async () => {
    const answer = await echo("7?flag=on", { name: "a", unknown: 1 });
    assert.equal(answer.headers.get("cache-control"), "no-store");
    assert.deepEqual(await answer.json(), {
      params: { id: 7 },
      query: { flag: "on" },
      body: { name: "a", items: [] },
      actor: "ann",
    });
  });

  it("every fault in params, query and body is named in one answer, with its value but no secret", async () => {
    const answer = await echo("x?flag=maybe", { name: 5, items: [{ size: 1 }, { size: "big" }], password: "abc" });
    assert.equal(answer.status, 400);
    const { error } = await json(answer);
    const byField = Object.fromEntries(error.issues.map((issue: { field: string }) => [issue.field, issue]));
    assert.deepEqual(Object.keys(byField).sort(), ["flag", "id", "items[1].size", "name", "password"]);
    assert.equal(byField["items[1].size"].value, '"big"');
    assert.equal(byField.flag.value, '"maybe"');
    assert.equal(byField.password.value, undefined);
  });

  it("a failure of ours is answered without a word of it, and logged with its stack under the request's id", async () => {
    const answer = await fetch(`${url}/api/v1/broken`);
    const { error } = await json(answer);
    assert.equal(answer.status, 500);
    assert.equal(error.code, "MYCLOUD_INTERNAL");
    assert.doesNotMatch(error.message, /secret/);
    const line = lines.map((text) => JSON.parse(text)).find((event) => event.requestId === error.requestId);
    assert.equal(line.level, 50);
    assert.match(line.err.cause?.stack ?? line.err.stack, /secret inner workings/);
  });

  it("a failure that passes says when to come again", async () => {
    for (const [path, seconds] of [
      ["away", "7"],
      ["lost", "5"],
    ]) {
      const answer = await fetch(`${url}/api/v1/${path}`);
      assert.equal(answer.status, 503);
      assert.equal(answer.headers.get("retry-after"), seconds);
      assert.equal((await json(answer)).error.isRetryable, true);
    }
  });

  it("a reply carries its own status and headers", async () => {
    const answer = await fetch(`${url}/api/v1/made`);
    assert.equal(answer.status, 202);
    assert.equal(answer.headers.get("x-own"), "1");
  });

  it("large answers are compressed, event streams never", async () => {
    assert.equal((await fetch(`${url}/api/v1/large`)).headers.get("content-encoding"), "gzip");
    const stop = new AbortController();
    const stream = await fetch(`${url}/api/v1/stream`, { signal: stop.signal });
    assert.equal(stream.headers.get("content-encoding"), null);
    assert.equal(stream.headers.get("content-type"), "text/event-stream");
    let text = "";
    for await (const chunk of stream.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes("data:")) break;
    }
    assert.match(text, /retry: 1000\n\n/);
    assert.match(text, /event: services\ndata: \{"ids":\[1\]\}\n\n/);
    stop.abort();
  });

  it("a handler learns that its client went away", async () => {
    const gone = new Promise<void>((resolve) => {
      aborted = resolve;
    });
    const client = new AbortController();
    const request = fetch(`${url}/api/v1/slow`, { signal: client.signal }).catch(() => undefined);
    setTimeout(() => client.abort(), 50);
    await Promise.all([gone, request]);
  });

  it("pages of the console are its index, never cached; files with a hash are cached for good", async () => {
    for (const path of ["/", "/hosts/3/show", "/index.html"]) {
      const page = await fetch(url + path);
      assert.match(await page.text(), /console/, path);
      assert.equal(page.headers.get("cache-control"), "no-cache", path);
    }
    const asset = await fetch(`${url}/assets/app-1a2b.js`);
    assert.match(asset.headers.get("cache-control") ?? "", /max-age=31536000, immutable/);
    assert.equal((await fetch(`${url}/assets/gone.js`)).status, 404);
    for (const path of ["/api/nothing", "/metrics/nothing"]) assert.equal((await fetch(url + path)).status, 404, path);
    assert.equal(
      (await fetch(`${url}/..%2f..%2fetc/passwd`)).headers.get("content-type")?.startsWith("text/plain"),
      false,
    );
  });

  it("every answer forbids foreign scripts and frames", async () => {
    const policy = (await fetch(url)).headers.get("content-security-policy") ?? "";
    assert.match(policy, /script-src 'self'(;|$)/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /script-src[^;]*unsafe/);
    assert.equal((await fetch(url)).headers.get("x-powered-by"), null);
  });

  it("health is answered at once, readiness only when it can work", async () => {
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
    isReady = false;
    const answer = await fetch(`${url}/readyz`);
    isReady = true;
    assert.equal(answer.status, 503);
    assert.equal((await json(answer)).reason, "migrating");
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
  });

  it("requests are counted by route pattern, not by path", async () => {
    await echo("41", { name: "a" });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    assert.match(
      metrics,
      /mycloud_http_request_duration_seconds_count\{method="POST",route="\/api\/v1\/echo\/:id",status="200"\}/,
    );
    assert.doesNotMatch(metrics, /echo\/41/);
  });

  it("one address asks public routes only so often", async () => {
    const statuses = new Set<number>();
    for (let request = 0; request < 45; request++) statuses.add((await fetch(`${url}/api/v1/made`)).status);
    assert.ok(statuses.has(429));
    assert.equal((await echo("1", { name: "a" })).status, 200);
  });
});

describe("a console that is not built", () => {
  it("says how to build it", async () => {
    const app = createHttpApp({
      routes: [],
      authenticators: { session: async () => null, apiToken: async () => null, agentToken: async () => null },
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
    const address = server.address();
    const answer = await fetch(`http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`);
    assert.equal(answer.status, 503);
    assert.match(await answer.text(), /npm run build/);
    server.close();
    server.closeAllConnections();
  });
});
