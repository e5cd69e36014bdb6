// What stores may answer that are no stores: proxies, login pages, servers that are broken or mean harm.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { type TestContext, test } from "node:test";
import { RemoteWriteInput } from "@mycloud/protocol/host-metrics";
import fc from "fast-check";
import { createAddressGuard } from "../outgoing-request/index.ts";
import { createPostWrite, outcomeOf, readRetryAfter, type WriteOutcome } from "./post-write.ts";

const guard = createAddressGuard(["127.0.0.1"]);

async function listen(t: TestContext, server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const { port }: AddressInfo = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/api/v1/write`;
}

function postTo(url: string, timeoutMs?: number) {
  const post = createPostWrite(RemoteWriteInput.parse({ name: "store", url }), guard, Date.now, timeoutMs);
  return post(new Uint8Array([1, 2, 3]), new AbortController().signal);
}

async function answeredBy(t: TestContext, listener: RequestListener, timeoutMs?: number): Promise<WriteOutcome> {
  const server = createServer(listener);
  t.after(() => server.closeAllConnections());
  return await postTo(await listen(t, server), timeoutMs);
}

test("an endless answer is read to a bound, and its status is what counts", { timeout: 60_000 }, async (t) => {
  const pour =
    (status: number): RequestListener =>
    (request, response) => {
      request.resume();
      response.writeHead(status);
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(65_536)));
      };
      response.on("drain", more);
      more();
    };
  assert.deepEqual(await answeredBy(t, pour(200)), { kind: "taken" });
  const refused = await answeredBy(t, pour(400));
  assert.ok(refused.kind === "refused" && refused.message.length < 400);
  assert.equal((await answeredBy(t, pour(503))).kind, "away");
});

test("an answer that does not end, does not begin, or breaks off is worth another try", {
  timeout: 60_000,
}, async (t) => {
  const dripping: RequestListener = (_, response) => {
    response.writeHead(500);
    const timer = setInterval(() => response.write("."), 20);
    response.on("close", () => clearInterval(timer));
  };
  for (const listener of [dripping, () => undefined]) {
    const outcome = await answeredBy(t, listener, 300);
    assert.deepEqual(outcome, { kind: "away", message: "no answer within 0.3 s", retryAfterMs: null });
  }
  const broken = await answeredBy(t, (_, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("half", () => response.destroy());
  });
  assert.equal(broken.kind, "away");
});

test("what is not HTTP is worth another try, whatever it says", { timeout: 60_000 }, async (t) => {
  let said: Uint8Array = new Uint8Array();
  const url = await listen(
    t,
    createTcpServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.end(said));
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      said = bytes;
      assert.equal((await postTo(url, 2_000)).kind, "away");
    }),
    { numRuns: 40 },
  );
});

test("a redirect is not followed: samples and secrets go where they were sent, and the message says so", async (t) => {
  let isAsked = false;
  const elsewhere = await listen(
    t,
    createServer((_, response) => {
      isAsked = true;
      response.end();
    }),
  );
  for (const status of [301, 302, 307, 308]) {
    const outcome = await answeredBy(t, (_, response) => response.writeHead(status, { location: elsewhere }).end());
    assert.deepEqual(outcome, {
      kind: "refused",
      message: `HTTP ${status}: redirects are not followed`,
      isSplittable: false,
    });
  }
  assert.equal(isAsked, false);
});

test("whatever status and Retry-After there are, an outcome waits at most ten minutes and says a line of bounded length", () => {
  const header = fc.oneof(
    fc.constant(null),
    fc.string(),
    fc.integer().map(String),
    fc.date({ noInvalidDate: true }).map(String),
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 999 }),
      fc.string({ maxLength: 2_000 }),
      header,
      (status, body, retryAfter) => {
        const outcome = outcomeOf({ status, body, retryAfter }, 1_700_000_000_000);
        assert.equal(outcome.kind === "taken", status >= 200 && status < 300);
        if (outcome.kind === "taken") return;
        assert.ok(outcome.message.length < 340 && !outcome.message.includes("\n"));
        const waitMs = outcome.kind === "away" ? (outcome.retryAfterMs ?? 0) : 0;
        assert.ok(waitMs >= 0 && waitMs <= 600_000, String(waitMs));
      },
    ),
  );
  const nonsense = ["", " ", "soon", "1e9", "99999999999999999999", "0x10"];
  for (const text of nonsense) assert.ok((readRetryAfter(text, 0) ?? 0) <= 600_000, text);
});
