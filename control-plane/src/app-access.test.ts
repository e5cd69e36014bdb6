import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { after, before, describe, it } from "node:test";
import { pino } from "pino";
import { Registry } from "prom-client";
import type { Actor } from "./http/actor.ts";
import { anonymousActor } from "./http/authenticate.ts";
import { createHttpApp } from "./http/create-http-app.ts";
import type { Access, Route } from "./http/route.ts";
import { createSessionCookie } from "./http/session-cookie.ts";
import { startTestApp, type TestApp } from "./testing/index.ts";

const base = anonymousActor("127.0.0.1");
const user = (role: Actor["role"], customer: string | null = null): Actor => ({
  ...base,
  kind: "user",
  id: "1",
  name: `${role}`,
  role,
  customer,
});
const token = (role: Actor["role"], scopes: Actor["scopes"]): Actor => ({
  ...base,
  kind: "token",
  id: "1",
  name: "token",
  role,
  scopes,
});

const callers: Record<string, Actor> = {
  viewer: user("viewer"),
  operator: user("operator"),
  admin: user("admin"),
  customerViewer: user("viewer", "acme"),
  customerAdmin: user("admin", "acme"),
  readToken: token("viewer", ["read"]),
  writeToken: token("operator", ["write"]),
  adminToken: token("admin", ["admin"]),
  ingestToken: token(null, ["ingest"]),
  registerToken: token(null, ["ingest:register"]),
  appPassword: token(null, ["webdav"]),
  nameServerToken: token(null, ["name-server"]),
  agent: { ...base, kind: "agent", id: "a", name: "web1", hostId: 1 },
};

/** Who gets in, written out by hand and not by the code under test. */
function mayEnter(access: Access): readonly string[] {
  const everyRole = {
    viewer: ["viewer", "operator", "admin", "customerViewer", "customerAdmin", "readToken", "writeToken", "adminToken"],
    operator: ["operator", "admin", "customerAdmin", "writeToken", "adminToken"],
    admin: ["admin", "customerAdmin", "adminToken"],
  };
  switch (access.kind) {
    case "public":
      return [...Object.keys(callers), "anonymous"];
    case "agent":
      return ["agent"];
    case "role":
      return everyRole[access.role].filter((caller) => !(access.isStaffOnly && caller.startsWith("customer")));
    case "tokenScope":
      return [
        ...(access.orRole === null ? [] : everyRole[access.orRole].filter((caller) => !caller.endsWith("Token"))),
        ...(access.tokenScope === "ingest" ? ["ingestToken"] : []),
        ...(access.tokenScope === "ingest:register" ? ["registerToken"] : []),
        ...(access.tokenScope === "read" ? ["readToken"] : []),
        ...(access.tokenScope === "write" ? ["writeToken"] : []),
        ...(access.tokenScope === "admin" ? ["adminToken"] : []),
        ...(access.tokenScope === "name-server" ? ["nameServerToken"] : []),
      ];
  }
}

describe("every route of the control plane", () => {
  let testApp: TestApp;
  let server: Server;
  let url = "";

  before(async () => {
    testApp = await startTestApp();
    const routes = testApp.app.routes.map(withoutHandler);
    const app = createHttpApp({
      routes,
      authenticators: {
        session: async () => null,
        apiToken: async (name) => callers[name.replace("mc_", "")] ?? null,
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
      publicRequestsPerMinute: 100_000,
    });
    server = createServer(app).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    url = `http://127.0.0.1:${address.port}`;
  });

  after(async () => {
    server.close();
    server.closeAllConnections();
    await testApp.stop();
  });

  /** Authorisation alone: no schema, no handler, so that 200 means "was let in". */
  function withoutHandler({ method, path, summary, access }: Route): Route {
    return { method, path, summary, access, handle: async () => ({ entered: true }) };
  }

  async function statusFor(route: Route, headers: Record<string, string>): Promise<number> {
    const path = route.path.replace(/:\w+/g, "1");
    const answer = await fetch(url + path, { method: route.method.toUpperCase(), headers });
    await answer.arrayBuffer();
    return answer.status;
  }

  it("lets in whom it declares, answers 401 to strangers and 403 to everybody else", async () => {
    assert.ok(testApp.app.routes.length > 15);
    const wrong: string[] = [];
    for (const route of testApp.app.routes) {
      const allowed = mayEnter(route.access);
      for (const caller of [...Object.keys(callers), "anonymous", "unknownToken"]) {
        const headers: Record<string, string> = caller === "anonymous" ? {} : { authorization: `Bearer mc_${caller}` };
        const isStranger = caller === "anonymous" || caller === "unknownToken";
        const isAllowed = allowed.includes(caller) || route.access.kind === "public";
        const expected = isAllowed ? 200 : isStranger ? 401 : 403;
        const status = await statusFor(route, headers);
        if (status !== expected) wrong.push(`${route.method} ${route.path} as ${caller}: ${status}, not ${expected}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  it("is open to strangers only where signing in and enrolling need it, and for public keys", () => {
    const open = testApp.app.routes
      .filter((route) => route.access.kind === "public")
      .map(({ method, path }) => `${method} ${path}`);
    const expected = [
      "post /api/v1/session",
      "post /api/v1/session/second-step",
      "post /api/v1/agent/enrol",
      "get /api/v1/storage-keys",
      "get /api/v1/sign-in-options",
      "post /api/v1/registrations",
      "post /api/v1/registrations/complete",
      "post /api/v1/links/look",
      "post /api/v1/password-resets",
      "post /api/v1/password-resets/complete",
      "post /api/v1/invitations/accept",
      "post /api/v1/account/email-change/confirm",
      "post /api/v1/unsubscriptions",
      "post /api/v1/unsubscriptions/:secret",
      // Senders of logs are no users: the route knows them by itself.
      "post /api/v1/logs",
    ];
    assert.deepEqual(
      open.filter((name) => !expected.includes(name)),
      [],
    );
  });

  it("needs more than the role viewer to change anything but one's own session, account, tokens and saved searches (a preview changes nothing, nor does what Grafana asks by POST)", () => {
    const own =
      /^\/api\/v1\/(session|session\/password|account|account\/[a-z-]+(\/[:a-z-]+)?|api-tokens|api-tokens\/:id|log-searches|log-searches\/:id|checks\/preview|previews\/[a-z-]+|grafana\/[a-z]+)$/;
    const loose = testApp.app.routes.filter(
      ({ method, path, access }) =>
        method !== "get" && access.kind === "role" && access.role === "viewer" && !own.test(path),
    );
    assert.deepEqual(
      loose.map(({ method, path }) => `${method} ${path}`),
      [],
    );
  });

  it("is there once", () => {
    const names = testApp.app.routes.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ":")}`);
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
  });
});
