import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { promisify } from "node:util";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { createLoginThrottle } from "../session/index.ts";
import { memorySnapshots } from "../smart-view/testing/memory-snapshots.ts";
import {
  callerOf,
  insertRepository,
  startSmartView,
  type TestSmartView,
} from "../smart-view/testing/start-smart-view.ts";
import { createWebdav } from "./index.ts";

const run = promisify(execFile);
const ids = ["a1", "b2", "c3"].map((start) => start + "0".repeat(62));
const taken = Date.UTC(2026, 10, 23, 8, 15);
const tenThousand = Object.fromEntries(
  Array.from({ length: 10_000 }, (_, at) => [`/many/file-${String(at).padStart(5, "0")}.txt`, "x"]),
);
const files = {
  "/www": null,
  "/www/index.html": "<html>hello</html>",
  "/www/a & b <c>.txt": "odd",
  "/www/caf\\xe9 100%.txt": "no UTF-8",
  "/www/日本.txt": "two words",
  "/www/deep": null,
  "/www/deep/er.bin": Buffer.alloc(300_000, 5),
  "/many": null,
  ...tenThousand,
};

forEachDialect((dialect, open) => {
  let database: ConnectedDatabase;
  let view: TestSmartView;
  const snapshots = memorySnapshots([
    { id: ids[0] ?? "", takenAtMs: taken - 1000, files: { "/old.txt": "old" } },
    { id: ids[1] ?? "", takenAtMs: taken, files, tags: ["source=paths"] },
    { id: ids[2] ?? "", takenAtMs: taken + 10, files: { "/shop.sql": "dump" }, tags: ["source=sqlite-shop"] },
  ]);

  before(async () => {
    database = await open();
    await insertRepository(database, { hostName: "web1" });
    await insertRepository(database, { hostName: "db1", policyName: "files" });
    await insertRepository(database, { hostName: "db1", policyName: "system" });
    await insertRepository(database, { hostName: "secret", customer: "other" });
    const throttle = createLoginThrottle(database, Date.now);
    view = await startSmartView(database, snapshots, {
      mounted: ({ viewing, answerFile }) => [
        ["/dav", createWebdav({ viewing, answerFile, throttle, findToken: async (token, at) => callerOf(token, at) })],
      ],
    });
  });
  after(() => view.stop());

  const basic = (password: string, name = "me") => `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;
  const call = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
    fetch(`${view.url}/dav${path}`, {
      method,
      headers: { authorization: basic("mc_dav"), ...headers },
      ...(body === undefined ? {} : { body }),
    });
  const hrefs = async (path: string, headers = {}) => {
    const answer = await call("PROPFIND", path, { depth: "1", ...headers });
    const text = await answer.text();
    assert.equal(answer.status, 207, text);
    return [...text.matchAll(/<d:href>(.*?)<\/d:href>/g)].map(([, href]) => href);
  };

  it("only an app password opens it, and wrong ones are slowed down", async () => {
    for (const password of ["mc_member", "mc_nobody", "secret", ""]) {
      const answer = await call("PROPFIND", "/", { authorization: basic(password), depth: "0" });
      assert.equal(answer.status, 401, password);
      assert.match(answer.headers.get("www-authenticate") ?? "", /^Basic realm=/);
    }
    assert.equal((await call("GET", "/", { authorization: "Bearer mc_dav" })).status, 401);
    assert.equal((await call("GET", "/", { authorization: "Basic ???" })).status, 401);
    const statuses = [];
    for (let tries = 0; tries < 8; tries++) {
      statuses.push((await call("GET", "/", { authorization: basic("mc_guess", "victim") })).status);
    }
    assert.deepEqual([statuses[0], statuses.at(-1)], [401, 429]);
    assert.equal((await call("GET", "/", { authorization: basic("mc_dav", "victim") })).status, 200);
  });

  it("hosts, their snapshots by time, and what is in them are folders; policies only where a host has several", async () => {
    assert.deepEqual(await hrefs("/"), ["/dav/", "/dav/db1/", "/dav/web1/"]);
    const names = ["latest/", "2026-11-23T08:14:59Z/", "2026-11-23T08:15:00Z/", "2026-11-23T08:15:00Z-c3000000/"];
    assert.deepEqual(await hrefs("/web1/"), ["/dav/web1/", ...names.map((name) => `/dav/web1/${name}`)]);
    assert.deepEqual(await hrefs("/db1"), ["/dav/db1/", "/dav/db1/files/", "/dav/db1/system/"]);
    assert.deepEqual((await hrefs("/db1/files/")).length, 5);
    for (const path of ["/web1/latest/www", "/web1/home/latest/www", "/db1/files/latest/www", "/db1/latest/www"]) {
      assert.equal((await hrefs(path)).length, 6, path);
    }
    assert.deepEqual((await hrefs("/web1/latest/www")).slice(1), [
      "/dav/web1/latest/www/index.html",
      "/dav/web1/latest/www/a%20%26%20b%20%3Cc%3E.txt".replaceAll("&", "&amp;"),
      "/dav/web1/latest/www/caf%5Cxe9%20100%25.txt",
      "/dav/web1/latest/www/%E6%97%A5%E6%9C%AC.txt",
      "/dav/web1/latest/www/deep/",
    ]);
    for (const name of ["b2000000", ids[1], "2026-11-23T08:15:00Z"]) {
      assert.equal(await (await call("GET", `/web1/${name}/www/caf%5Cxe9%20100%25.txt`)).text(), "no UTF-8");
    }
    assert.equal(
      await (await call("GET", "/web1/latest/www")).text(),
      "index.html\na & b <c>.txt\ncaf\\xe9 100%.txt\n日本.txt\ndeep/\n",
    );
  });

  if (dialect === "mariadb") return;

  it("what is another customer's, or nowhere, is not found; nothing leads out of a snapshot", async () => {
    for (const path of [
      "/secret/",
      "/secret/latest/www/index.html",
      "/web1/2025-01-01T00:00:00Z/",
      "/web1/latest/none",
      "/web1/latest/www%2findex.html",
      "/web1/latest/%2e%2e%2f%2e%2e%2fetc/passwd",
      "/web1/latest/www/%00",
      "/web1/latest//www",
      "/db1/b2000000/www",
    ]) {
      assert.equal((await call("PROPFIND", path, { depth: "0" })).status, 404, path);
    }
    assert.equal((await call("GET", "/web1/latest/%ff")).status, 400);
    // fetch would take `..` away by itself.
    const { hostname, port } = new URL(view.url);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), hostname);
      socket.end(
        `GET /dav/web1/../../api/v1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: ${basic("mc_dav")}\r\n\r\n`,
      );
      let text = "";
      socket.on("data", (piece) => {
        text += piece;
      });
      socket.on("close", () => resolve(text));
    });
    assert.match(answer, /^HTTP\/1.1 404/);
    assert.deepEqual(await hrefs("/", { authorization: basic("mc_davstranger") }), ["/dav/", "/dav/secret/"]);
  });

  it("nothing is written, and infinite depth is refused as RFC 4918 says", async () => {
    for (const method of ["PUT", "DELETE", "MKCOL", "COPY", "MOVE", "PROPPATCH", "LOCK", "UNLOCK", "POST"]) {
      const body = method === "PUT" ? "x".repeat(2_000_000) : undefined;
      assert.equal((await call(method, "/web1/latest/www/new", {}, body)).status, 403, method);
    }
    const search = await call("SEARCH", "/web1/latest/");
    assert.deepEqual([search.status, search.headers.get("allow")], [405, "OPTIONS, GET, HEAD, PROPFIND"]);
    const options = await call("OPTIONS", "/web1/latest/");
    assert.deepEqual([options.status, options.headers.get("dav")], [200, "1"]);
    for (const headers of [{}, { depth: "infinity" }] as Record<string, string>[]) {
      const answer = await call("PROPFIND", "/", headers);
      assert.deepEqual([answer.status, (await answer.text()).includes("<d:propfind-finite-depth/>")], [403, true]);
    }
    assert.equal((await call("PROPFIND", "/", { depth: "0" }, "<x/>")).status, 400);
    assert.equal((await call("PROPFIND", "/", { depth: "0" }, " ".repeat(70_000))).status, 413);
  });

  it("properties that are asked for come with their values, others are said to be missing", async () => {
    const body =
      '<propfind xmlns="DAV:"><prop><getcontentlength/><resourcetype/><x xmlns="urn:&quot;&lt;"/></prop></propfind>';
    const answer = await call("PROPFIND", "/web1/latest/www/index.html", { depth: "0" }, body);
    const text = await answer.text();
    assert.match(
      text,
      /<d:getcontentlength>18<\/d:getcontentlength><d:resourcetype\/><\/d:prop><d:status>HTTP\/1.1 200 OK/,
    );
    assert.match(text, /<d:prop><x:x xmlns:x="urn:&quot;&lt;"\/><\/d:prop><d:status>HTTP\/1.1 404 Not Found/);
    const all = await (await call("PROPFIND", "/web1/latest/www/index.html", { depth: "0" })).text();
    const etag = /<d:getetag>&quot;(.*?)&quot;</.exec(all)?.[1];
    const got = await call("GET", "/web1/latest/www/index.html", { range: "bytes=1-4" });
    assert.deepEqual([got.status, await got.text(), got.headers.get("etag")], [206, "html", `"${etag}"`]);
    assert.match(got.headers.get("content-disposition") ?? "", /^attachment/);
  });

  it("a folder of ten thousand is listed in well under a second's work", async () => {
    const startedAt = performance.now();
    assert.equal((await hrefs("/web1/latest/many/")).length, 10_001);
    assert.ok(performance.now() - startedAt < 5_000);
  });

  it("staff leave a line in the audit", async () => {
    await call("PROPFIND", "/web1/latest/", { depth: "1", authorization: basic("mc_davstaff") });
    await call("GET", "/web1/latest/www/index.html", { authorization: basic("mc_davstaff") });
    const entries = await database.db.selectFrom("audit_entry").select("action").execute();
    assert.deepEqual(
      entries.map(({ action }) => action),
      ["snapshot.browse", "snapshot.read-file"],
    );
  });

  it("rclone lists, reads and copies", { skip: isMissing("rclone") }, async () => {
    const obscured = (await run("rclone", ["obscure", "mc_dav"])).stdout.trim();
    const directory = await mkdtemp(join(tmpdir(), "mycloud-dav-"));
    const remote = `:webdav,url="${view.url}/dav",vendor=other,user=me,pass=${obscured}:`;
    const rclone = async (...words: string[]) =>
      (await run("rclone", ["--config", join(directory, "none"), "--retries", "1", ...words])).stdout;
    try {
      assert.equal(await rclone("lsf", remote), "db1/\nweb1/\n");
      assert.deepEqual((await rclone("lsf", `${remote}web1`)).trim().split("\n").sort(), [
        "2026-11-23T08:14:59Z/",
        "2026-11-23T08:15:00Z-c3000000/",
        "2026-11-23T08:15:00Z/",
        "latest/",
      ]);
      assert.equal(await rclone("cat", `${remote}web1/latest/www/a & b <c>.txt`), "odd");
      assert.equal(await rclone("cat", "--offset", "2", "--count", "4", `${remote}web1/latest/www/index.html`), "tml>");
      await rclone("copy", `${remote}web1/latest/www`, join(directory, "www"));
      assert.deepEqual(await readFile(join(directory, "www/deep/er.bin")), files["/www/deep/er.bin"]);
      assert.equal(await readFile(join(directory, "www/日本.txt"), "utf8"), "two words");
      await rclone("check", "--download", join(directory, "www"), `${remote}web1/latest/www`);
      assert.equal((await rclone("lsf", `${remote}web1/latest/many`)).trim().split("\n").length, 10_000);
      await assert.rejects(rclone("copyto", join(directory, "www/index.html"), `${remote}web1/latest/www/new.html`));
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it("cadaver walks in and fetches", { skip: isMissing("cadaver") }, async () => {
    const home = await mkdtemp(join(tmpdir(), "mycloud-dav-"));
    try {
      const { hostname } = new URL(view.url);
      await writeFile(join(home, ".netrc"), `machine ${hostname}\nlogin me\npassword mc_dav\n`, { mode: 0o600 });
      const script = "cd web1/latest/www\nls\nget index.html\nput index.html x.html\nquit\n";
      const child = run("cadaver", [`${view.url}/dav/`], {
        cwd: home,
        env: { ...process.env, HOME: home, LC_ALL: "C.UTF-8" },
      });
      child.child.stdin?.end(script);
      const { stdout } = await child;
      assert.match(stdout, /Coll:\s+deep/);
      assert.match(stdout, /index\.html\s+18/);
      assert.match(stdout, /403 Forbidden/);
      assert.equal(await readFile(join(home, "index.html"), "utf8"), files["/www/index.html"]);
    } finally {
      await rm(home, { recursive: true });
    }
  });
});

function isMissing(program: string): string | false {
  if (process.env.CI === "true") return false;
  try {
    execFileSync("which", [program]);
    return false;
  } catch {
    return `${program} is not installed`;
  }
}
