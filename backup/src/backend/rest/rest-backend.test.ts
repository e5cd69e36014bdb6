import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { describe, test } from "node:test";
import { idOf } from "../../blob/index.ts";
import {
  DamagedError,
  ExistsError,
  InputError,
  NotAllowedError,
  NotFoundError,
  OutOfSpaceError,
  UnavailableError,
} from "../../error/index.ts";
import { startTestServer } from "../../storage-server/testing/index.ts";
import { describeBackend } from "../testing/backend-suite.ts";
import { openRestBackend } from "./index.ts";

describeBackend("REST backend on our storage server", async () => {
  const endings: (() => unknown)[] = [];
  const { server } = await startTestServer({ after: (ending) => endings.push(ending as () => unknown) });
  return {
    backend: openRestBackend(`rest:${server.address}/host/`),
    close: async () => {
      for (const ending of endings.reverse()) await ending();
    },
  };
});

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** A server that answers as a test says, and what it was asked. */
async function startScripted(
  t: { after(ending: () => unknown): void },
  answer: (request: Seen, response: ServerResponse, count: number) => void,
): Promise<{ readonly location: string; readonly port: number; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const { method = "", url = "", headers } = request;
    seen.push({ method, url, headers, body: Buffer.concat(pieces) });
    answer(seen.at(-1)!, response, seen.length);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  return { location: `rest:http://127.0.0.1:${address.port}/repo`, port: address.port, seen };
}

const bytes = Buffer.from("the content of a pack");
const pack = { type: "data", name: idOf(bytes) } as const;

describe("REST backend", () => {
  test("what the server answers becomes an error of its kind, with the server's words", async (t) => {
    const cases: readonly [number, new (...args: never[]) => Error, string][] = [
      [401, NotAllowedError, "wants a user name"],
      [403, NotAllowedError, "append-only here"],
      [404, NotFoundError, "append-only here"],
      [400, InputError, "append-only here"],
      [416, UnavailableError, "416"],
      [429, UnavailableError, "429"],
      [500, UnavailableError, "append-only here"],
      [503, UnavailableError, "append-only here"],
      [507, OutOfSpaceError, "append-only here"],
    ];
    for (const [status, kind, words] of cases) {
      const { location } = await startScripted(t, (_, response) => {
        response.writeHead(status, { "content-type": "application/json", "retry-after": "7" });
        response.end(JSON.stringify({ error: { code: "X", message: "append-only here" } }));
      });
      const backend = openRestBackend(location);
      await assert.rejects(backend.load(pack), (error: unknown) => {
        assert.ok(error instanceof kind, `${status}: ${error}`);
        assert.match(error.message, new RegExp(words));
        if (error instanceof UnavailableError) assert.equal(error.retryAfterSeconds, 7);
        return true;
      });
      await backend.close();
    }
  });

  test("a server that names files only is asked for the size of each", async (t) => {
    const { location, seen } = await startScripted(t, ({ method }, response) => {
      if (method === "HEAD") return void response.writeHead(200, { "content-length": "21" }).end();
      response.setHeader("content-type", "application/vnd.x.restic.rest.v1");
      response.end(JSON.stringify([pack.name, "not-an-id"]));
    });
    const backend = openRestBackend(location);
    t.after(() => backend.close());
    assert.deepEqual(await backend.list("data"), [{ name: pack.name, sizeBytes: 21 }]);
    assert.equal(seen[0]?.headers.accept, "application/vnd.x.restic.rest.v2");
  });

  test("the order of arrival is taken from a server that counts snapshots", async (t) => {
    const { location } = await startScripted(t, (_, response) => {
      response.setHeader("content-type", "application/vnd.x.restic.rest.v2");
      response.end(JSON.stringify([{ name: pack.name, size: 5, sequence: 12, extra: true }]));
    });
    const backend = openRestBackend(location);
    t.after(() => backend.close());
    assert.deepEqual(await backend.list("snapshots"), [{ name: pack.name, sizeBytes: 5, sequence: 12 }]);
  });

  test("what is no list is no list, however well it is answered", async (t) => {
    const { location } = await startScripted(t, (_, response) => response.end("<html>Welcome to nginx</html>"));
    const backend = openRestBackend(location);
    t.after(() => backend.close());
    await assert.rejects(backend.list("data"), /is no list of files; is this the address of a repository/);
  });

  test("an answer that ends early is not taken for the file", async (t) => {
    const { location } = await startScripted(t, (_, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("only the beginning");
      setTimeout(() => response.destroy(), 20);
    });
    const backend = openRestBackend(location);
    t.after(() => backend.close());
    await assert.rejects(backend.load(pack), UnavailableError);
  });

  test("a server without ranges sends the whole file, and the part is cut out of it", async (t) => {
    const { location } = await startScripted(t, (_, response) => response.end(bytes));
    const backend = openRestBackend(location);
    t.after(() => backend.close());
    assert.equal(Buffer.from(await backend.load(pack, { offset: 4, length: 7 })).toString(), "content");
    await assert.rejects(backend.load(pack, { offset: 4, length: 700 }), DamagedError);
  });

  test("an append-only server's refusal to write a file again is no failure when it is there", async (t) => {
    const { location } = await startScripted(t, ({ method }, response) => {
      if (method === "HEAD") response.writeHead(200, { "content-length": String(bytes.length) }).end();
      else response.writeHead(403).end("forbidden");
    });
    const backend = openRestBackend(location);
    t.after(() => backend.close());
    await backend.save(pack, bytes);
    await assert.rejects(backend.save(pack, Buffer.from("longer than what is there")), NotAllowedError);
    await assert.rejects(backend.save({ type: "config", name: "" }, bytes), ExistsError);
  });

  test("credentials of the address are sent, and shown nowhere", async (t) => {
    const { port, seen } = await startScripted(t, (_, response) => response.writeHead(403).end());
    const backend = openRestBackend(`rest:http://ann:s%40cret@127.0.0.1:${port}/repo/`);
    t.after(() => backend.close());
    assert.equal(backend.location, `rest:http://ann:***@127.0.0.1:${port}/repo/`);
    await assert.rejects(backend.load(pack), (error: Error) => !error.message.includes("s@cret"));
    const sent = seen[0]?.headers.authorization ?? "";
    assert.equal(Buffer.from(sent.replace("Basic ", ""), "base64").toString(), "ann:s@cret");
  });

  test("a user of the address goes with the password that is kept elsewhere", async (t) => {
    const { port, seen } = await startScripted(t, (_, response) => response.end(bytes));
    const readCredentials = async () => ({ username: "", password: "kept" });
    const backend = openRestBackend(`rest:http://ann@127.0.0.1:${port}/repo/`, { readCredentials });
    t.after(() => backend.close());
    await backend.load(pack);
    assert.equal(seen[0]?.headers.authorization, `Basic ${Buffer.from("ann:kept").toString("base64")}`);
  });

  test("a token that expired is read anew, once", async (t) => {
    const { location, seen } = await startScripted(t, ({ headers }, response) => {
      if (headers.authorization === "Bearer new") response.end(bytes);
      else response.writeHead(401).end();
    });
    const tokens = ["old", "new"];
    const backend = openRestBackend(location, { readCredentials: async () => ({ token: tokens.shift() ?? "none" }) });
    t.after(() => backend.close());
    assert.deepEqual(Buffer.from(await backend.load(pack)), bytes);
    assert.deepEqual(Buffer.from(await backend.load(pack)), bytes);
    assert.deepEqual(
      seen.map(({ headers }) => headers.authorization),
      ["Bearer old", "Bearer new", "Bearer new"],
    );
  });

  test("a token that stays refused is an error", async (t) => {
    const { location, seen } = await startScripted(t, (_, response) => response.writeHead(401).end());
    const backend = openRestBackend(location, { readCredentials: async () => ({ token: "same" }) });
    t.after(() => backend.close());
    await assert.rejects(backend.load(pack), NotAllowedError);
    assert.equal(seen.length, 1);
  });

  test("other servers want no packs and know no holds", async (t) => {
    const { location } = await startScripted(t, (_, response) => response.writeHead(404).end("not found"));
    const backend = openRestBackend(location);
    t.after(() => backend.close());
    assert.deepEqual(await backend.listWanted(), []);
    assert.deepEqual(await backend.list("holds"), []);
    assert.equal(await backend.stat(pack), null);
    await backend.remove(pack);
  });

  test("packs the server wants are named, other objects it wants are not", async (t) => {
    const { location } = await startScripted(t, (_, response) => {
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify([
          { type: "data", name: pack.name },
          { type: "index", name: idOf(Buffer.from("index")) },
        ]),
      );
    });
    const backend = openRestBackend(location);
    t.after(() => backend.close());
    assert.deepEqual(await backend.listWanted(), [pack.name]);
  });

  test("a connection on which nothing moves is given up", async (t) => {
    const { location } = await startScripted(t, () => {});
    const backend = openRestBackend(location, { idleTimeoutMs: 100 });
    t.after(() => backend.close());
    await assert.rejects(backend.load(pack), /nothing moved for 0.1 s/);
  });

  test("a connection that the server closed when it was idle costs no error", async (t) => {
    const { location, seen } = await startScripted(t, (_, response, count) => {
      if (count === 2) response.socket?.destroy();
      else response.end(bytes);
    });
    const backend = openRestBackend(location);
    t.after(() => backend.close());
    await backend.load(pack);
    await backend.load(pack);
    assert.equal(seen.length, 3);
  });

  test("nobody listening is said as such", async () => {
    const backend = openRestBackend("rest:http://127.0.0.1:1/repo/");
    await assert.rejects(backend.load(pack), /nobody listens there/);
    await backend.close();
  });

  test("an aborted transfer ends at once", async (t) => {
    const { location } = await startScripted(t, () => {});
    const backend = openRestBackend(location);
    t.after(() => backend.close());
    const reason = new Error("no more");
    await assert.rejects(
      backend.load(pack, undefined, AbortSignal.any([AbortSignal.timeout(50)])),
      (error: Error) => error.name === "TimeoutError",
    );
    await assert.rejects(backend.save(pack, bytes, AbortSignal.abort(reason)), reason);
  });

  test("locations that are none are refused without their password", () => {
    for (const location of ["rest:", "rest:ftp://x/", "rest:ann:secret@host/", "rest://ann:secret@host"]) {
      assert.throws(
        () => openRestBackend(location),
        (error: unknown) => error instanceof InputError && !error.message.includes("secret"),
        location,
      );
    }
  });
});
