// The smart view with real processes: an agent backs up, and people look into it by the API and by WebDAV.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { promisify } from "node:util";
import { requirePeer } from "../peers/peer.ts";
import { requireRclone, runRclone, webdavRemote } from "../peers/rclone.ts";
import {
  cleanupOfSuite,
  type MycloudProcess,
  runMycloud,
  startMycloud,
  startUp,
  type TestUp,
  temporaryDirectory,
  waitFor,
} from "../support/index.ts";

const run = promisify(execFile);

interface Snapshot {
  readonly id: string;
  readonly takenAtMs: number;
  readonly note: string;
  readonly labels: string[];
  readonly hold: { reason: string } | null;
}

describe("people look into backups", () => {
  const cleanup = cleanupOfSuite();
  let up: TestUp;
  let agent: MycloudProcess;
  let www = "";
  let hostId = 0;
  let address = "";
  let privateAddress = "";
  let member = "";
  const video = randomBytes(3_000_000);

  before(async () => {
    up = await startUp(cleanup, { storage: "127.0.0.1:0" });
    www = join(await temporaryDirectory("smart-view"), "www");
    await mkdir(join(www, "css"), { recursive: true });
    await mkdir(join(www, "many"));
    await writeFile(join(www, "index.html"), "<h1>old</h1>\n<p>same</p>\n");
    await writeFile(join(www, "css/a & b <c>.css"), "p { color: red }\n");
    await writeFile(join(www, "video.bin"), video);
    await writeFile(Buffer.concat([Buffer.from(join(www, "caf")), Buffer.from([0xe9])]), "latin1");
    for (let at = 0; at < 250; at++) await writeFile(join(www, `many/${String(at).padStart(4, "0")}.txt`), `${at}`);
    await chmod(join(www, "index.html"), 0o640);
    const policies = await temporaryDirectory("policies");
    const shared = `selector: { hosts: [web1] }, paths: [${www}], schedule: { splaySeconds: 0 }`;
    await writeFile(
      join(policies, "policies.yaml"),
      `kind: BackupPolicy
name: www
spec: { ${shared}, retention: { keepLast: 1 }, objectives: { rpoSeconds: 86400 } }
---
kind: BackupPolicy
name: secret
spec: { ${shared}, keyMode: private }
`,
    );
    const applied = await runMycloud(["apply", "-f", policies, "--state-dir", up.stateDir]);
    assert.equal(applied.code, 0, applied.stderr);
    const agentState = await temporaryDirectory("smart-view-agent");
    const { body } = await up.api("POST", "/api/v1/enrolment-tokens", { body: { customer: "acme" } });
    const enrolled = await runMycloud(
      ["agent", "enrol", "--server", up.url, "--state-dir", agentState, "--host-name", "web1"],
      { env: { MYCLOUD_ENROLMENT_TOKEN: body.token } },
    );
    assert.equal(enrolled.code, 0, enrolled.stderr);
    agent = startMycloud(["agent", "run", "--state-dir", agentState]);
    cleanup.after(async () => {
      await agent.stop();
    });
    member = await newToken("acme", ["write"]);
    const repositoryOf = async (policyName: string) => (await list("backup-repositories", { policyName }))[0];
    await waitFor(async () => (await runsDone("www")) === 1 && (await runsDone("secret")) === 1, 60_000, "first runs");
    const { id, hostId: ownHost } = await repositoryOf("www");
    hostId = ownHost;
    address = `/api/v1/backup-repositories/${id}`;
    privateAddress = `/api/v1/backup-repositories/${(await repositoryOf("secret")).id}`;
    await writeFile(join(www, "index.html"), "<h1>new</h1>\n<p>same</p>\n");
    await rm(join(www, "many/0007.txt"));
    assert.equal((await up.api("POST", `${address}/run`)).status, 201);
    await waitFor(async () => (await runsDone("www")) === 2, 60_000, "a second run");
  });

  async function newToken(customer: string, scopes: string[]): Promise<string> {
    const { status, body } = await up.api("POST", "/api/v1/api-tokens", { body: { name: "t", scopes, customer } });
    assert.equal(status, 200);
    return body.token;
  }
  async function list(path: string, filter: object) {
    return (await up.api("GET", `/api/v1/${path}?filter=${encodeURIComponent(JSON.stringify(filter))}`)).body.data;
  }
  const runsDone = async (policyName: string) => (await list("backup-runs", { policyName, phase: "done" })).length;
  const ask = async (path: string, token = member) => await up.api("GET", path, { token });
  const snapshots = async (): Promise<Snapshot[]> => (await ask(`${address}/snapshots`)).body.snapshots;
  const download = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${up.url}${path}`, { headers: { authorization: `Bearer ${member}`, ...headers } });
  const at = (name: string) => encodeURIComponent(join(www, name));
  async function lines(path: string) {
    const text = await (await download(path)).text();
    return text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  }

  test("the machine is described, its snapshots are listed, and folders are shown by pages", async () => {
    const { body: machine } = await ask(`/api/v1/machines/${hostId}`);
    assert.deepEqual([machine.health, machine.isOnline, machine.customer], ["good", true, "acme"]);
    assert.match(machine.sentence, /^Backed up (just now|\d+ min)/);
    assert.equal((await ask("/api/v1/machines")).body.total, 1);
    const [first, second] = await snapshots();
    assert.ok(first !== undefined && second !== undefined && first.takenAtMs < second.takenAtMs);
    const folder = (await ask(`${address}/snapshots/latest/folder?path=${at("")}&order=desc`)).body;
    assert.deepEqual(
      folder.entries.map(({ name }: { name: string }) => name),
      ["many", "css", "video.bin", "index.html", "caf\\xe9"],
    );
    const many = (await ask(`${address}/snapshots/${first.id.slice(0, 8)}/folder?path=${at("many")}&offset=150`)).body;
    assert.deepEqual([many.total, many.entries.length, many.entries[0].name], [250, 100, "0150.txt"]);
    const stranger = await newToken("other", ["admin"]);
    for (const path of [`${address}/snapshots`, `/api/v1/machines/${hostId}`, `${address}/snapshots/latest/folder`]) {
      assert.equal((await ask(path, stranger)).status, 404, path);
    }
  });

  test("a file comes whole and in parts, byte for byte, and is found, followed and compared", async () => {
    const path = `${address}/snapshots/latest/file?path=${at("video.bin")}`;
    const whole = await download(path);
    assert.deepEqual(Buffer.from(await whole.arrayBuffer()), video);
    const part = await download(path, { range: "bytes=1000000-1999999", "if-range": whole.headers.get("etag") ?? "" });
    assert.equal(part.status, 206);
    assert.deepEqual(Buffer.from(await part.arrayBuffer()), video.subarray(1_000_000, 2_000_000));
    assert.equal((await download(path, { "if-none-match": whole.headers.get("etag") ?? "" })).status, 304);
    const odd = await download(`${address}/snapshots/latest/file?path=${encodeURIComponent(`${www}/caf\\xe9`)}`);
    assert.equal(await odd.text(), "latin1");
    const [first] = await snapshots();
    const old = await download(`${address}/snapshots/${first?.id}/file?path=${at("index.html")}&download=0`);
    assert.equal(await old.text(), "<h1>old</h1>\n<p>same</p>\n");
    assert.match(old.headers.get("content-disposition") ?? "", /^attachment/);

    const found = await lines(`${address}/find?pattern=0007.txt`);
    assert.equal(found[0].entry.path, join(www, "many/0007.txt"));
    assert.equal(found[0].newestSnapshotId, first?.id);
    assert.deepEqual(found.at(-1), { end: { count: 1, isTruncated: false } });
    const { versions } = (await ask(`${address}/history?path=${at("index.html")}`)).body;
    assert.deepEqual(versions.map(({ change }: { change: string }) => change).sort(), ["added", "modified"]);
    const changes = await lines(`${address}/compare?from=${first?.id}&to=latest`);
    const words = changes.slice(0, -1).map(({ change, path }) => `${change} ${path}`);
    assert.deepEqual(words, [`modified ${www}/index.html`, `removed ${www}/many/0007.txt`]);
    const diff = `${address}/text-diff?from=${first?.id}&to=latest&fromPath=${at("index.html")}&toPath=${at("index.html")}`;
    assert.deepEqual((await ask(diff)).body.hunks[0].lines, ["-<h1>old</h1>", "+<h1>new</h1>", " <p>same</p>"]);
  });

  test("folders come as zip and tar with every byte that was backed up", async (t) => {
    if (!requirePeer(t, "/usr/bin/unzip", "unzip")) return;
    for (const [format, unpack] of [
      ["zip", ["unzip", "-q"]],
      ["tar", ["tar", "-xf"]],
    ] as const) {
      const target = await temporaryDirectory(`smart-view-${format}`);
      const answer = await download(
        `${address}/snapshots/latest/archive?path=${at("css")}&path=${at("many")}&format=${format}`,
      );
      assert.equal(answer.status, 200);
      const file = join(target, `it.${format}`);
      await writeFile(file, Buffer.from(await answer.arrayBuffer()));
      await run(unpack[0], [unpack[1], file], { cwd: target });
      await rm(file);
      const css = (await readdir(target, { recursive: true })).find((name) => name.endsWith("css")) ?? "";
      const top = join(target, css.replace(/\/?css(\/a & b <c>\.css)?$/, ""));
      for (const name of ["css", "many"]) await run("diff", ["-r", join(www, name), join(top, name)]);
    }
  });

  test("notes and labels stay with a snapshot; a held one is kept by retention until it is let go", async () => {
    const [first] = await snapshots();
    const of = `${address}/snapshots/${first?.id}`;
    const note = { text: "before the new page", labels: ["release"] };
    assert.equal((await up.api("PUT", `${of}/note`, { token: member, body: note })).status, 200);
    const body = { reason: "the lawyer asked", untilMs: Date.now() + 86_400_000 };
    assert.equal((await up.api("PUT", `${of}/hold`, { token: member, body: { ...body, untilMs: 1 } })).status, 400);
    assert.equal((await up.api("PUT", `${of}/hold`, { token: member, body })).status, 200);
    const longer = { ...body, untilMs: null };
    assert.equal((await up.api("PUT", `${of}/hold`, { token: member, body: longer })).status, 200);
    assert.equal((await up.api("PUT", `${of}/hold`, { token: member, body })).status, 200);
    const none = `${address}/snapshots/${"0".repeat(64)}/hold`;
    assert.equal((await up.api("PUT", none, { token: member, body })).status, 404);
    const [shown] = await snapshots();
    assert.deepEqual([shown?.note, shown?.labels, shown?.hold?.reason], [note.text, note.labels, body.reason]);
    const maintained = async (count: number) => {
      assert.equal((await up.api("POST", `${address}/maintain`)).status, 200);
      await waitFor(
        async () => (await list("backup-maintenance-runs", { kind: "retention", phase: "done" })).length === count,
        30_000,
        "retention",
      );
    };
    await maintained(1);
    assert.equal((await snapshots()).length, 2);
    assert.equal((await up.api("DELETE", `${of}/hold`, { token: member })).status, 200);
    assert.equal((await up.api("DELETE", `${of}/hold`, { token: member })).status, 404);
    await maintained(2);
    assert.equal((await snapshots()).length, 1);
    assert.equal((await ask(`${of}/folder`)).status, 404);
    const actions = (await list("audit-entries", { q: "snapshot" })).map(({ action }: { action: string }) => action);
    for (const action of ["snapshot.note", "snapshot.hold", "snapshot.release"])
      assert.ok(actions.includes(action), action);
  });

  test("WebDAV shows the same to rclone and curl, for an app password and nothing else", async (t) => {
    if (!requireRclone(t)) return;
    const password = await newToken("acme", ["webdav"]);
    assert.equal((await ask("/api/v1/machines", password)).status, 403);
    const dav = `${up.url}/dav`;
    const curl = async (...words: string[]) => (await run("curl", ["-sS", ...words], { maxBuffer: 10_000_000 })).stdout;
    assert.equal(await curl("-u", `me:${member}`, "-o", "/dev/null", "-w", "%{http_code}", dav), "401");
    const remote = await webdavRemote(dav, password);
    assert.equal(await runRclone("lsf", remote), "web1/\n");
    assert.equal(await runRclone("lsf", `${remote}web1`), "secret/\nwww/\n");
    const folder = `web1/www/latest${www}`;
    assert.equal(await runRclone("cat", `${remote}${folder}/index.html`), "<h1>new</h1>\n<p>same</p>\n");
    const target = await temporaryDirectory("smart-view-dav");
    for (const name of ["css", "many"]) {
      await runRclone("copy", `${remote}${folder}/${name}`, join(target, name));
      await run("diff", ["-r", join(www, name), join(target, name)]);
      await runRclone("check", "--download", `${remote}${folder}/${name}`, join(www, name));
    }
    const range = await curl("-u", `me:${password}`, "-r", "4-6", `${dav}/${folder}/index.html`);
    assert.equal(range, "new");
    const [snapshot] = await snapshots();
    const byTime = new Date(snapshot?.takenAtMs ?? 0).toISOString().replace(/\.\d+Z$/, "Z");
    const found = await curl(
      "-u",
      `me:${password}`,
      "-X",
      "PROPFIND",
      "-H",
      "Depth: 1",
      `${dav}/web1/www/${byTime}${www}/css`,
    );
    assert.match(found, /<d:href>[^<]*\/css\/a%20%26amp;?%20b|a%20%26%20b%20%3Cc%3E\.css<\/d:href>/);
    assert.match(found, /<d:getcontentlength>17<\/d:getcontentlength>/);
  });

  test("staff who look leave a line in the audit", async () => {
    const { status } = await up.api("GET", `${address}/snapshots/latest/file?path=${at("index.html")}`);
    assert.equal(status, 200);
    const [entry] = await list("audit-entries", { action: "snapshot.read-file" });
    assert.equal(entry.after.path, join(www, "index.html"));
  });

  test("a private repository is looked into through its machine, and is held without it", async () => {
    const path = `${privateAddress}/snapshots/latest/file?path=${at("index.html")}`;
    assert.equal(await (await download(path)).text(), "<h1>old</h1>\n<p>same</p>\n");
    const [snapshot] = (await ask(`${privateAddress}/snapshots`)).body.snapshots;
    await agent.stop();
    await waitFor(async () => (await ask(`${privateAddress}/snapshots`)).status === 503, 20_000, "503");
    const hold = `${privateAddress}/snapshots/${snapshot.id}/hold`;
    assert.equal((await up.api("PUT", hold, { token: member, body: { reason: "mine" } })).status, 200);
    assert.equal((await up.api("DELETE", hold, { token: member })).body.reason, "mine");
  });

  test("nothing of it stays in the way of an end", async () => {
    const begun = await fetch(`${up.url}${address}/snapshots/latest/archive?path=/`, {
      headers: { authorization: `Bearer ${member}` },
    });
    assert.equal(begun.status, 200);
    await begun.body?.cancel();
    assert.deepEqual(await up.process.stop(), { code: 0, signal: null });
    assert.ok((await readFile(join(up.stateDir, "operator-token"), "utf8")).length > 0);
  });
});
