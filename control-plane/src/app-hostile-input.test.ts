import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { ErrorBody } from "@mycloud/protocol/error";
import { z } from "zod";
import { forEachDialect } from "./database/testing/dialects.ts";
import { startTestApp, type TestApp } from "./testing/index.ts";

/** What one database takes otherwise than another: quotes, NUL, half a character, four bytes of UTF-8, length. */
const textsForDatabases = ["'; drop table user; --", "a\u0000b", "\ud800", "😀\u202e\uffff", "x".repeat(70_000)];
const texts = [
  ...textsForDatabases,
  '" or ""="',
  "<script>alert(1)</script>",
  "\u0000",
  "%00%0d%0aset-cookie:x=1",
  "../../../etc/passwd",
  "#{7*7}{{7*7}}<%= 7*7 %>",
];
const bodyOf = (text: string) => ({
  name: text,
  email: text,
  host: text,
  service: text,
  selector: { hosts: [text] },
  comment: text,
  text,
  password: text,
  notes: text,
  labels: { [text]: text },
  groups: [text],
});
const bodiesForDatabases: unknown[] = [
  ...textsForDatabases.map(bodyOf),
  { name: "a", id: 1e308, page: -1, hostId: -1, hostIds: [1.5], checkIntervalSeconds: 1e300 },
];
const bodies: unknown[] = [
  ...bodiesForDatabases,
  null,
  [],
  "text",
  12,
  {},
  { name: null },
  ...texts.slice(textsForDatabases.length).map(bodyOf),
];
const ids = ["0", "-1", "1e999", "9007199254740993", "abc", "1%00", "%27%20or%201=1", "999999999", "NaN", "1;2"];
const queriesForDatabases = [
  "perPage=100000",
  "sort=id;drop%20table%20user",
  "filter=%7B%22q%22%3A%22%5Cu0000%27%25_%22%7D",
  "filter=%7B%22q%22%3A%22%ff%22%7D",
  "fromMs=1&untilMs=2&points=-5",
];
const queries = [
  ...queriesForDatabases,
  "page=0",
  "page=-1",
  "page=1e9",
  "sort=password_hash",
  "order=sideways",
  "filter=%7B",
  "filter=null",
  "filter=%5B%5D",
  "filter=%7B%22id%22%3A%22x%22%7D",
  "filter=%7B%22__proto__%22%3A%7B%22a%22%3A1%7D%7D",
  "page=1&page=2",
  "page[$gt]=1",
  "fromMs=abc&untilMs=1e400",
  "%zz=%zz",
];

// SQLite is asked everything; MariaDB what may come as far as a database.
forEachDialect((dialect, open) => {
  const isSqlite = dialect === "sqlite";
  let testApp: TestApp;
  before(async () => {
    if (dialect === "mariadb") await open();
    testApp = await startTestApp(dialect === "mariadb" ? { databaseUrl: open.location() } : {});
  });
  after(() => testApp.stop());

  const formOf = (what: string) => {
    if (what.includes("/api/v2/")) return z.string();
    return /(^| )\/api\/v1\/servers|(^| )\/api(\?|$| )/.test(what) ? z.object({ error: z.string() }) : ErrorBody;
  };

  /** An answer to hostile input is the caller's fault, said in our own form (Alertmanager's and PowerDNS's on their routes) and without inner workings. */
  function assertRefused(what: string, answer: Awaited<ReturnType<TestApp["call"]>>): void {
    assert.ok(answer.status < 500, `${what}: ${answer.status} ${answer.text.slice(0, 300)}`);
    if (answer.status < 400) return;
    formOf(what).parse(answer.body);
    assert.doesNotMatch(answer.text, /\bat .*\.ts:\d+|node_modules|SQLITE|sqlState/, what);
  }

  it("no body makes any route fail", async () => {
    for (const { method, path, body, answerKind } of testApp.app.routes) {
      if (body === undefined || answerKind === "stream") continue;
      // The session these calls use stays.
      if (path.startsWith("/api/v1/session")) continue;
      for (const sent of isSqlite ? bodies : bodiesForDatabases) {
        const what = `${method} ${path} ${JSON.stringify(sent).slice(0, 80)}`;
        assertRefused(what, await testApp.call(method.toUpperCase(), path.replace(/:\w+/g, "999999"), { body: sent }));
      }
    }
  });

  it("no id and no query makes any route fail", async () => {
    for (const { method, path, answerKind } of testApp.app.routes) {
      if (method !== "get" || answerKind === "stream") continue;
      for (const id of path.includes(":") ? ids : []) {
        assertRefused(`${path} ${id}`, await testApp.call("GET", path.replace(/:\w+/g, id)));
      }
      for (const query of isSqlite ? queries : queriesForDatabases) {
        const what = `${path}?${query}`;
        assertRefused(what, await testApp.call("GET", `${path.replace(/:\w+/g, "999999")}?${query}`));
      }
    }
  });

  it("what is stored of hostile text comes back unchanged", async () => {
    const kept = ["'; drop table user; --", '" or ""="', "<script>alert(1)</script>"];
    for (const [at, name] of kept.entries()) {
      const email = `u${at}@example.org`;
      const created = await testApp.call("POST", "/api/v1/users", {
        body: { email, name, role: "viewer", password: "long enough password" },
      });
      assert.equal(created.status, 200, created.text);
      assert.equal(created.body.name, name);
      const found = await testApp.call(
        "GET",
        `/api/v1/users?filter=${encodeURIComponent(JSON.stringify({ q: name }))}`,
      );
      assert.equal(found.body.total, 1, found.text);
    }
  });
});

describe("a hostile request", () => {
  let testApp: TestApp;
  before(async () => {
    testApp = await startTestApp();
  });
  after(() => testApp.stop());
  const post = (body: string | Uint8Array, headers: Record<string, string> = {}) =>
    testApp.call("POST", "/api/v1/users", { body, headers });

  it("of 10 MB is refused with 413 and a clear message", async () => {
    const answer = await post(`{"name":"${"x".repeat(10_000_000)}"}`);
    assert.equal(answer.status, 413);
    assert.match(answer.body.error.message, /larger than 1048576 bytes/);
  });

  it("that unpacks to more than the limit is refused with 413", async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, " "));
    const answer = await post(new Uint8Array(bomb), { "content-encoding": "gzip" });
    assert.equal(answer.status, 413);
  });

  it("with malformed JSON is told where", async () => {
    const answer = await post('{"name": "a",, }');
    assert.equal(answer.status, 400);
    assert.match(answer.body.error.message, /position 13|line 1 column 14/);
  });

  it("nested a hundred thousand deep is refused", async () => {
    const answer = await post("[".repeat(100_000) + "]".repeat(100_000));
    assert.equal(answer.status, 400);
    assert.match(answer.body.error.message, /nested deeper than 64/);
  });

  it("with __proto__ is refused and changes no prototype", async () => {
    const answer = await post('{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}');
    assert.equal(answer.status, 400);
    assert.equal(({} as Record<string, unknown>).isAdmin, undefined);
  });

  it("in another content type is refused", async () => {
    const answer = await post("name=a", { "content-type": "application/x-www-form-urlencoded" });
    assert.equal(answer.status, 400);
    assert.match(answer.body.error.message, /send application\/json/);
  });

  it("with an undecodable path or a strange header gets an answer of ours", async () => {
    assert.equal((await testApp.call("GET", "/api/v1/users/%zz")).status, 400);
    for (const authorization of [
      "Bearer",
      "Basic YTpi",
      "Bearer a b",
      `Bearer mc_${"a".repeat(5000)}`,
      "Bearer mc_é",
    ]) {
      const answer = await testApp.call("GET", "/api/v1/users", { headers: { authorization } });
      assert.equal(answer.status, 401, authorization);
      assert.equal(answer.headers.get("www-authenticate"), "Bearer");
    }
  });

  it("without authority has its body left unread", async () => {
    const answer = await testApp.call("POST", "/api/v1/users", { body: "{{{{", token: null });
    assert.equal(answer.status, 401);
  });

  it("cannot choose its request id or address without a trusted proxy", async () => {
    const answer = await testApp.call("GET", "/api/v1/users", {
      headers: { "x-request-id": "mine", "x-forwarded-for": "1.2.3.4", "x-forwarded-host": "evil.example" },
    });
    assert.notEqual(answer.headers.get("x-request-id"), "mine");
  });

  it("cut off in the middle of its body leaves the server answering", async () => {
    const { hostname, port } = new URL(testApp.url);
    const socket = connect(Number(port), hostname);
    await new Promise((resolve) => socket.once("connect", resolve));
    socket.write(
      `POST /api/v1/users HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${testApp.operatorToken}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"a`,
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    assert.equal((await testApp.call("GET", "/api/v1/users")).status, 200);
  });

  it("to an unknown path under /api is answered 404 in JSON", async () => {
    const answer = await testApp.call("GET", "/api/v1/nothing?secret=1");
    assert.equal(answer.status, 404);
    assert.equal(answer.body.error.code, "MYCLOUD_NOT_FOUND");
    assert.doesNotMatch(answer.text, /secret/);
  });
});
