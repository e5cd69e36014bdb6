import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { after, before, it } from "node:test";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { type MemorySnapshots, memorySnapshots } from "./testing/memory-snapshots.ts";
import { insertRepository, startSmartView, type TestSmartView } from "./testing/start-smart-view.ts";

const first = `${"aaaaaaaa11"}${"0".repeat(54)}`;
const second = `${"aaaaaaaa22"}${"0".repeat(54)}`;
const dump = `${"bbbbbbbb"}${"0".repeat(56)}`;
const big = 40_000_000;
const chunk = Buffer.alloc(1_000_000, 7);

async function* endless(): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < big; sent += chunk.length) yield chunk;
}
async function* afew(): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < 3; sent++) yield chunk;
}
async function* broken(): AsyncGenerator<Uint8Array> {
  yield chunk;
  throw new Error("the storage is gone");
}
async function* short(): AsyncGenerator<Uint8Array> {
  yield chunk;
}

const files = {
  "/www": null,
  "/www/index.html": "<script>alert(1)</script>",
  "/www/logo.png": Buffer.from([0x89, 0x50, 0x4e, 0x47]),
  '/www/wei"rd\\x0a\u00fc.txt': "0123456789",
  "/www/empty": "",
  "/big.bin": { sizeBytes: big, make: endless },
  "/middle.bin": { sizeBytes: 3_000_000, make: afew },
  "/broken.bin": { sizeBytes: 2_000_000, make: broken },
  "/short.bin": { sizeBytes: 2_000_000, make: short },
};
const newSnapshots = () =>
  memorySnapshots([
    { id: first, takenAtMs: 1000, files },
    { id: second, takenAtMs: 2000, files, tags: ["source=paths"] },
    { id: dump, takenAtMs: 3000, files: {}, tags: ["source=mariadb-shop"] },
  ]);

forEachDialect((dialect, open) => {
  let database: ConnectedDatabase;
  let snapshots: MemorySnapshots;
  let view: TestSmartView;
  let own = 0;
  let address = "";
  let nowMs = Date.now();

  before(async () => {
    database = await open();
    own = await insertRepository(database);
    address = `/api/v1/backup-repositories/${own}`;
    snapshots = newSnapshots();
    view = await startSmartView(database, snapshots, { now: () => nowMs });
  });
  after(() => view.stop());

  const file = (path: string, headers = {}, query = "") =>
    view.get(`${address}/snapshots/latest/file?path=${encodeURIComponent(path)}${query}`, headers);
  const until = async (isSo: () => boolean) => {
    for (let tries = 0; tries < 500 && !isSo(); tries++) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const audited = async (action: string) =>
    (await database.db.selectFrom("audit_entry").selectAll().where("action", "=", action).execute()).length;

  it("a note and labels are shown with their snapshot, are replaced, taken away, and only by who may act", async () => {
    const put = (body: object, token = "mc_member", id = first) =>
      fetch(`${view.url}${address}/snapshots/${id}/note`, {
        method: "PUT",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    const shown = async () => {
      const { snapshots: list } = (await (await view.get(`${address}/snapshots`)).json()) as {
        snapshots: { id: string; note: string; labels: string[] }[];
      };
      return list.map(({ id, note, labels }) => [id.slice(0, 10), note, labels]);
    };
    assert.equal((await put({ text: "before the move", labels: ["keep", "keep", "x"] })).status, 200);
    assert.deepEqual((await shown())[0], ["aaaaaaaa11", "before the move", ["keep", "x"]]);
    assert.equal((await put({ text: "moved" })).status, 200);
    assert.deepEqual((await shown())[0], ["aaaaaaaa11", "moved", []]);
    assert.equal((await put({})).status, 200);
    assert.deepEqual((await shown())[0], ["aaaaaaaa11", "", []]);
    assert.equal((await put({ text: "x" }, "mc_viewer")).status, 403);
    assert.equal((await put({ text: "x" }, "mc_stranger")).status, 404);
    assert.equal((await put({ text: "x" }, "mc_member", "aaaaaaaa")).status, 409);
    assert.equal(await audited("snapshot.note"), 3);
  });

  if (dialect === "mariadb") return;

  it("a snapshot is named by its id, by enough of it, or as the latest of files", async () => {
    const folder = async (name: string) => (await view.get(`${address}/snapshots/${name}/folder`)).status;
    const lastAsked = () => {
      const request = snapshots.asked.at(-1)?.request;
      return request !== undefined && "snapshotId" in request ? request.snapshotId : null;
    };
    for (const [name, meant] of [
      [first, first],
      ["aaaaaaaa1", first],
      ["latest", second],
      ["bbbbbbbb", dump],
    ] as const) {
      assert.equal(await folder(name), 200, name);
      assert.equal(lastAsked(), meant, name);
    }
    assert.equal(await folder("cccccccc"), 404);
    assert.equal(await folder("aaaa"), 400);
    assert.equal(await folder("newest"), 400);
    const ambiguous = await view.get(`${address}/snapshots/aaaaaaaa/folder`);
    assert.equal(ambiguous.status, 409);
    const { error } = (await ambiguous.json()) as { error: { issues: { value: string }[] } };
    assert.deepEqual(
      error.issues.map(({ value }) => value),
      [first, second],
    );
  });

  it("another customer finds no repository, whatever they ask", async () => {
    for (const path of [
      "snapshots",
      "snapshots/latest/folder",
      "snapshots/latest/file?path=/big.bin",
      "find?pattern=x",
    ]) {
      const { status } = await view.get(`${address}/${path}`, { authorization: "Bearer mc_stranger" });
      assert.equal(status, 404, path);
    }
  });

  it("a path that could not be in a snapshot is refused before anybody is asked", async () => {
    const before = snapshots.asked.length;
    for (const path of ["/..", "/a/../b", "/a//b", "/./a", "a", "", "/a\0b"]) {
      assert.equal((await file(path)).status, 400, path);
    }
    assert.equal(snapshots.asked.length, before);
    assert.equal((await file("/www/index.html/")).status, 200);
    assert.equal((await file("/www/..%2f..%2fetc%2fpasswd")).status, 404);
    assert.equal((await file("/www")).status, 400);
  });

  it("what a browser could run is saved, never shown; nothing is taken for another type", async () => {
    const html = await file("/www/index.html", {}, "&download=0");
    assert.match(html.headers.get("content-disposition") ?? "", /^attachment; filename="index.html"/);
    assert.equal(html.headers.get("content-type"), "application/octet-stream");
    assert.equal(html.headers.get("x-content-type-options"), "nosniff");
    assert.match(html.headers.get("content-security-policy") ?? "", /^sandbox; default-src 'none'/);
    assert.equal(await html.text(), files["/www/index.html"]);
    const image = await file("/www/logo.png", {}, "&download=0");
    assert.match(image.headers.get("content-disposition") ?? "", /^inline; /);
    assert.equal(image.headers.get("content-type"), "image/png");
    const weird = await file('/www/wei"rd\\x0a\u00fc.txt');
    assert.equal(
      weird.headers.get("content-disposition"),
      `attachment; filename="wei_rd_x0a_.txt"; filename*=UTF-8''wei%22rd_x0a%C3%BC.txt`,
    );
  });

  it("parts, versions and lengths are answered as HTTP has them", async () => {
    const path = '/www/wei"rd\\x0a\u00fc.txt';
    const whole = await file(path);
    const etag = whole.headers.get("etag") ?? "";
    assert.deepEqual(
      [whole.status, whole.headers.get("content-length"), await whole.text()],
      [200, "10", "0123456789"],
    );
    for (const [range, status, text, contentRange] of [
      ["bytes=2-4", 206, "234", "bytes 2-4/10"],
      ["bytes=7-", 206, "789", "bytes 7-9/10"],
      ["bytes=-3", 206, "789", "bytes 7-9/10"],
      ["bytes=0-99999999999999999999999", 206, "0123456789", "bytes 0-9/10"],
      ["bytes=-99999999999999999999999", 206, "0123456789", "bytes 0-9/10"],
      ["bytes=10-", 416, "", "bytes */10"],
      ["bytes=99999999999999999999999-", 416, "", "bytes */10"],
      ["bytes=-0", 416, "", "bytes */10"],
      ["bytes=4-2", 200, "0123456789", null],
      ["bytes=0-1,3-4", 200, "0123456789", null],
      ["lines=1-2", 200, "0123456789", null],
    ] as const) {
      const answer = await file(path, { range });
      assert.deepEqual(
        [answer.status, await answer.text(), answer.headers.get("content-range")],
        [status, text, contentRange],
        range,
      );
    }
    assert.equal((await file(path, { range: "bytes=1-2", "if-range": etag })).status, 206);
    assert.equal((await file(path, { range: "bytes=1-2", "if-range": '"other"' })).status, 200);
    assert.equal((await file(path, { "if-none-match": `"x", W/${etag}` })).status, 304);
    const head = await view.get(
      `${address}/snapshots/latest/file?path=${encodeURIComponent(path)}`,
      { range: "bytes=1-2" },
      "HEAD",
    );
    assert.deepEqual([head.status, head.headers.get("content-length")], [200, "10"]);
    const empty = await file("/www/empty");
    assert.deepEqual([empty.status, empty.headers.get("content-length"), await empty.text()], [200, "0", ""]);
    assert.equal(snapshots.openBodies(), 0);
  });

  it("an archive and lines are streamed whole", async () => {
    const zip = await view.get(`${address}/snapshots/latest/archive?path=/www&path=/big.bin`);
    assert.equal(await zip.text(), "archive of /www /big.bin");
    assert.match(zip.headers.get("content-disposition") ?? "", /filename="web1.zip"/);
    assert.equal((await view.get(`${address}/snapshots/latest/archive`)).status, 400);
    const head = await view.get(`${address}/snapshots/latest/archive?path=/www`, {}, "HEAD");
    assert.deepEqual([head.status, head.headers.get("content-type")], [200, "application/zip"]);
    assert.equal(snapshots.openBodies(), 0);
    const found = await view.get(`${address}/find?pattern=*.html&snapshot=latest&type=file`);
    assert.equal(found.headers.get("content-type"), "application/x-ndjson");
    assert.deepEqual(JSON.parse(await found.text()), { end: { count: 0, isTruncated: false } });
    const compared = await view.get(`${address}/compare?from=aaaaaaaa1&to=latest`);
    assert.equal(compared.status, 200);
    await compared.text();
    assert.equal((await view.get(`${address}/history?path=/www/index.html`)).status, 200);
    const diff = `${address}/text-diff?from=aaaaaaaa1&to=latest&fromPath=/a&toPath=/b`;
    assert.equal((await view.get(diff)).status, 200);
  });

  it("content that ends early, or fails on the way, is never an answer that looks whole", async () => {
    for (const path of ["/broken.bin", "/short.bin"]) {
      const answer = await file(path);
      assert.equal(answer.status, 200);
      await assert.rejects(answer.arrayBuffer(), path);
    }
    assert.equal(snapshots.openBodies(), 0);
  });

  it("fifty downloads at once are all whole, a dozen at a time", async () => {
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, snapshots.openBodies());
    }, 1);
    const sizes = await Promise.all(
      Array.from({ length: 50 }, async () => (await (await file("/middle.bin")).arrayBuffer()).byteLength),
    );
    clearInterval(watch);
    assert.deepEqual([...new Set(sizes)], [3_000_000]);
    assert.ok(most <= 12, `${most} at once`);
    assert.equal(snapshots.openBodies(), 0);
  });

  it("a client that goes away, before or in the middle, leaves nothing behind; one that takes nothing is given nothing", async () => {
    const url = `${view.url}${address}/snapshots/latest/file?path=/big.bin`;
    const begun = Array.from({ length: 20 }, () => {
      const request = httpRequest(url, { headers: { authorization: "Bearer mc_viewer" } });
      request.on("error", () => undefined);
      request.on("response", (response) => response.pause());
      request.end();
      return () => request.destroy();
    });
    await until(() => snapshots.openBodies() === 12);
    assert.equal(snapshots.openBodies(), 12);
    for (const leave of begun) leave();
    await until(() => snapshots.openBodies() === 0);
    assert.equal(snapshots.openBodies(), 0);
    assert.equal((await file("/www/index.html")).status, 200);
  });

  it("staff who look into a customer's snapshots are in the audit: folders once an hour, files and archives each", async () => {
    assert.equal(await audited("snapshot.browse"), 0);
    const staff = { authorization: "Bearer mc_staff" };
    const folder = () => view.get(`${address}/snapshots/latest/folder`, staff);
    await folder();
    await folder();
    assert.equal(await audited("snapshot.browse"), 1);
    nowMs += 3_600_001;
    await folder();
    assert.equal(await audited("snapshot.browse"), 2);
    await file("/www/index.html", staff);
    await file("/www/index.html", { ...staff, range: "bytes=1-2" });
    await file("/www/logo.png", staff);
    assert.equal(await audited("snapshot.read-file"), 2);
    await (await view.get(`${address}/snapshots/latest/archive?path=/www`, staff)).text();
    await (await view.get(`${address}/snapshots/latest/archive?path=/www`, staff)).text();
    assert.equal(await audited("snapshot.download"), 2);
    await view.get(`${address}/snapshots/latest/folder`);
    assert.equal(await audited("snapshot.browse"), 2);
  });
});
