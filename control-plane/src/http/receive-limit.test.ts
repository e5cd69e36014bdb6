import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request } from "node:http";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { pino } from "pino";
import { Registry } from "prom-client";
import { z } from "zod";
import { createHttpApp } from "./create-http-app.ts";
import { forEveryone, type RouteDefinition, route } from "./route.ts";
import { createSessionCookie } from "./session-cookie.ts";

test("a body that does not come to its end is cut off, where its route does not wait for long ones", async (context) => {
  const taking: Pick<RouteDefinition, "method" | "summary" | "access" | "handle" | "bodyKind"> = {
    method: "post",
    summary: "Takes a body",
    access: forEveryone,
    bodyKind: "raw",
    handle: async ({ request: sent }) => ({ bytes: (await buffer(sent)).length }),
  };
  const app = createHttpApp({
    routes: [
      route({ ...taking, path: "/short" }),
      route({ ...taking, path: "/long", isLongReceived: true }),
      route({
        method: "post",
        path: "/json",
        summary: "Takes JSON",
        access: forEveryone,
        body: z.object({}),
        handle: async () => undefined,
      }),
    ],
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
    receiveWithinMs: 100,
  });
  const server = createServer({ requestTimeout: 0 }, app).listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const { port } = address;

  function begin(path: string) {
    const sent = request({ port, path, method: "POST", headers: { "content-type": "application/json" } });
    sent.write("{");
    return sent;
  }
  for (const path of ["/short", "/json", "/nowhere"]) {
    const sent = begin(path);
    const outcome = await Promise.race([once(sent, "error"), once(sent, "response")]);
    // Where nothing reads the body it is answered before.
    if (path !== "/nowhere") assert.ok(outcome[0] instanceof Error, path);
    sent.destroy();
  }
  const long = begin("/long");
  await new Promise((resolve) => setTimeout(resolve, 300));
  long.end("}");
  const [answer] = await once(long, "response");
  assert.deepEqual(JSON.parse((await buffer(answer)).toString()), { bytes: 2 });
});
