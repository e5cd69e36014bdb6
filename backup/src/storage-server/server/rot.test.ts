// Rot: what a disk gives back otherwise than it took it.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { StorageStatus } from "@mycloud/protocol/storage-status";
import { listTrash, readStorageStatus } from "../administration/index.ts";
import { setPassword } from "../password-file/index.ts";
import type { StoredObject } from "../repository/index.ts";
import { someObject, startTestServer, type TestServer } from "../testing/index.ts";

function damage({ layout }: TestServer, type: StoredObject["type"], name: string): void {
  flipBit(layout.repository("a").object({ type, name }));
}

function flipBit(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

test("a flipped bit is found, put away, still readable, wanted, and healed by the same content", async (t) => {
  const server = await startTestServer(t);
  const { send, put, stateDirectory } = server;
  await send("POST", "/a/?create=true");
  await send("POST", "/a/config", { body: Buffer.from("config") });
  const good = await put("a", "data", someObject(2_000).bytes);
  const { bytes } = someObject(2_000);
  const name = await put("a", "data", bytes);
  assert.deepEqual((await server.server.scrubNow()).bad, []);
  // Younger than the pass that would have made a second copy of it.
  const index = await put("a", "index", someObject().bytes);

  damage(server, "data", name);
  damage(server, "index", index);
  const found = await server.server.scrubNow();
  assert.deepEqual(found.bad.map(({ type }) => type).sort(), ["data", "index"]);
  assert.equal(found.objects, 4);
  const wanted = (await send("GET", "/a/wanted")).json<{ type: string; name: string; foundAtMs: number }[]>();
  assert.deepEqual(wanted.map((each) => each.name).sort(), [name, index].sort());
  assert.ok(wanted.every(({ foundAtMs }) => Math.abs(foundAtMs - Date.now()) < 60_000));
  assert.deepEqual((await send("GET", "/a/data/")).json(), [good]);
  const salvaged = await send("GET", `/a/data/${name}`, { headers: { range: "bytes=0-99" } });
  assert.equal(salvaged.headers["x-mycloud-quarantined"], "1");
  assert.deepEqual(salvaged.bytes, bytes.subarray(0, 100));
  assert.equal((await readStorageStatus(stateDirectory, "a"))[0]?.wanted.length, 2);

  await put("a", "data", bytes);
  assert.deepEqual((await send("GET", `/a/data/${name}`)).bytes, bytes);
  assert.equal((await send("GET", `/a/data/${name}`)).headers["x-mycloud-quarantined"], undefined);
  assert.equal((await send("DELETE", `/a/index/${index}`)).status, 200);
  assert.deepEqual((await send("GET", "/a/wanted")).json(), []);
  assert.deepEqual((await server.server.scrubNow()).bad, []);
});

test("a scrub that is asked for finds what is bad at once, and the status of the server tells", async (t) => {
  const server = await startTestServer(t);
  const { send, put } = server;
  await send("POST", "/a/b/?create=true");
  const { bytes } = someObject(2_000);
  const name = await put("a/b", "data", bytes);
  flipBit(server.layout.repository("a/b").object({ type: "data", name }));
  assert.equal((await send("GET", "/a/b/scrub")).status, 405);
  assert.equal((await send("POST", "/a/b/scrub")).status, 202);
  assert.equal((await send("POST", "/a/none/scrub")).status, 404);
  const status = async () => StorageStatus.parse((await send("GET", "/status")).json());
  for (let left = 100; (await status()).repositories[0]?.scrubbedAtMs === null && left > 0; left--) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { repositories, totalBytes, freeBytes } = await status();
  assert.ok(totalBytes > freeBytes && freeBytes > 0);
  const [only] = repositories;
  assert.deepEqual([only?.name, only?.bytes, only?.wantedCount], ["a/b", 2_000, 1]);
  assert.deepEqual([only?.wanted[0]?.type, only?.wanted[0]?.name], ["data", name]);
});

test("a truncated and an emptied object, and a damaged key and snapshot, are found too", async (t) => {
  const server = await startTestServer(t);
  const { send, put, layout } = server;
  await send("POST", "/a/?create=true");
  const names = await Promise.all(
    (["data", "keys", "snapshots", "index"] as const).map(async (type) => ({
      type,
      name: await put("a", type, someObject(300).bytes),
    })),
  );
  for (const [at, object] of names.entries()) {
    const path = layout.repository("a").object(object);
    writeFileSync(path, readFileSync(path).subarray(0, at * 99));
  }
  const { bad } = await server.server.scrubNow();
  assert.deepEqual(bad.map(({ name }) => name).sort(), names.map(({ name }) => name).sort());
});

test("a damaged config stays where it is and can be replaced by what it was only", async (t) => {
  const server = await startTestServer(t);
  const { send, layout } = server;
  await send("POST", "/a/?create=true");
  await send("POST", "/a/config", { body: Buffer.from("config") });
  writeFileSync(layout.repository("a").object({ type: "config", name: "" }), "cOnfig");
  assert.equal((await server.server.scrubNow()).bad[0]?.type, "config");
  assert.equal((await send("GET", "/a/config")).text, "cOnfig");
  assert.equal((await send("POST", "/a/config", { body: Buffer.from("attack") })).status, 409);
  assert.equal((await send("POST", "/a/config", { body: Buffer.from("config") })).status, 200);
  assert.equal((await send("GET", "/a/config")).text, "config");
  assert.deepEqual((await send("GET", "/a/wanted")).json(), []);
});

test("a move to the quarantine that a crash interrupted is ended at the next start", async (t) => {
  const first = await startTestServer(t);
  const { send, put, layout, stateDirectory } = first;
  await send("POST", "/a/?create=true");
  const [listed, stray, healed] = [someObject(), someObject(), someObject()];
  for (const { bytes } of [listed, healed]) await put("a", "data", bytes);
  await first.server.close();
  const { wantedFile, quarantine } = layout.repository("a");
  const wanted = (name: string) => ({ type: "data", name, foundAtMs: 1, reason: "r" });
  mkdirSync(join(quarantine, "data"), { recursive: true });
  writeFileSync(wantedFile, JSON.stringify([wanted(listed.name), wanted(healed.name), wanted("0".repeat(64))]));
  for (const { name } of [stray, healed]) writeFileSync(join(quarantine, "data", name), "bad");
  const again = await startTestServer(t, { stateDirectory });
  assert.deepEqual((await again.send("GET", "/a/data/")).json(), [healed.name]);
  assert.deepEqual(
    (await again.send("GET", "/a/wanted")).json<{ name: string }[]>().map(({ name }) => name),
    [listed.name],
  );
  assert.deepEqual(readdirSync(join(quarantine, "data")), [listed.name]);
  await again.server.close();
});

test("an append-only user replaces what is wanted, and deletes nothing else", async (t) => {
  const { passwordFile, headers } = await withPassword(t, ["read", "append"]);
  const server = await startTestServer(t, { passwordFile });
  const { send, put } = server;
  const as = { headers };
  assert.equal((await send("POST", "/a/?create=true", as)).status, 200);
  const [good, bad, index, snapshot] = [
    await put("a", "data", someObject(500).bytes, as),
    await put("a", "data", someObject(500).bytes, as),
    await put("a", "index", someObject().bytes, as),
    await put("a", "snapshots", someObject().bytes, as),
  ];
  const remove = async (path: string) => (await send("DELETE", `/a/${path}`, as)).status;
  const everything = [`data/${good}`, `data/${bad}`, `index/${index}`, `snapshots/${snapshot}`, "config"];
  for (const path of everything) assert.equal(await remove(path), 403, path);
  damage(server, "data", bad);
  await server.server.scrubNow();
  assert.equal(await remove(`data/${good}`), 403);
  assert.equal(await remove(`snapshots/${snapshot}`), 403);
  assert.equal(await remove(`index/${index}`), 200);
  assert.equal(await remove(`data/${bad}`), 200);
  assert.equal(await remove(`index/${index}`), 403);
  assert.equal((await listTrash(server.stateDirectory)).length, 2);
});

test("of all but packs there is a second copy after a pass, which takes the place of a damaged one", async (t) => {
  const server = await startTestServer(t);
  const { send, put, layout, complaints } = server;
  await send("POST", "/a/?create=true");
  const config = Buffer.from("config");
  await send("POST", "/a/config", { body: config });
  const stored: { type: StoredObject["type"]; name: string; bytes: Buffer }[] = [
    { type: "config", name: "", bytes: config },
  ];
  for (const type of ["keys", "snapshots", "index"] as const) {
    const { bytes } = someObject(3_000);
    stored.push({ type, bytes, name: await put("a", type, bytes) });
  }
  assert.deepEqual((await server.server.scrubNow()).bad, []);
  for (const { type, name } of stored) damage(server, type, name);
  const { bad } = await server.server.scrubNow();
  assert.deepEqual(bad.map(({ type }) => type).sort(), ["config", "index", "keys", "snapshots"]);
  assert.equal(complaints.filter(({ message }) => message === "stored object is damaged").length, 4);
  for (const { type, name, bytes } of stored) {
    const answer = await send("GET", `/a/${[type, name].filter(Boolean).join("/")}`);
    assert.deepEqual(answer.bytes, bytes, type);
    assert.equal(answer.headers["x-mycloud-quarantined"], undefined);
  }
  assert.deepEqual((await send("GET", "/a/wanted")).json(), []);

  // A copy rots too: it is made anew from what is good, and is no use when both are bad.
  const [, key] = stored;
  assert.ok(key);
  flipBit(layout.repository("a").copy(key));
  assert.deepEqual((await server.server.scrubNow()).bad, []);
  assert.deepEqual(readFileSync(layout.repository("a").copy(key)), key.bytes);
  flipBit(layout.repository("a").copy(key));
  damage(server, key.type, key.name);
  await server.server.scrubNow();
  const wanted = (await send("GET", "/a/wanted")).json<{ type: string; name: string }[]>();
  assert.deepEqual(
    wanted.map(({ type, name }) => ({ type, name })),
    [{ type: "keys", name: key.name }],
  );
});

test("what is deleted leaves no second copy", async (t) => {
  const server = await startTestServer(t);
  const { send, put, layout } = server;
  await send("POST", "/a/?create=true");
  const key = { type: "keys", name: await put("a", "keys", someObject().bytes) } as const;
  const index = { type: "index", name: await put("a", "index", someObject().bytes) } as const;
  await server.server.scrubNow();
  const { copies, copy, object } = layout.repository("a");
  const left = () => readdirSync(copies, { recursive: true, encoding: "utf8" }).filter((path) => path.length > 60);
  assert.equal(left().length, 2);
  await send("DELETE", `/a/keys/${key.name}`);
  assert.deepEqual(left(), [join("index", index.name)]);
  // By somebody who works on the server's disk.
  rmSync(object(index));
  await server.server.scrubNow();
  assert.deepEqual(left(), []);
  assert.throws(() => readFileSync(copy(index)), { code: "ENOENT" });
});

test("while a snapshot is damaged nothing that it may need is deleted, unless it is given up", async (t) => {
  const server = await startTestServer(t);
  const { send, put } = server;
  await send("POST", "/a/?create=true");
  const snapshot = await put("a", "snapshots", someObject().bytes);
  const [pack, rotten] = [await put("a", "data", someObject().bytes), await put("a", "data", someObject().bytes)];
  const index = await put("a", "index", someObject().bytes);
  const remove = async (path: string) => await send("DELETE", `/a/${path}`);
  damage(server, "snapshots", snapshot);
  await server.server.scrubNow();
  for (const path of [`data/${pack}`, `index/${index}`]) {
    const { status, text } = await remove(path);
    assert.equal(status, 403);
    assert.match(text, new RegExp(`snapshots/${snapshot} is damaged`));
  }
  damage(server, "data", rotten);
  await server.server.scrubNow();
  assert.equal((await remove(`index/${index}`)).status, 200, "replacing a pack takes that");
  assert.equal((await remove(`data/${rotten}`)).status, 200);
  assert.equal((await remove(`data/${pack}`)).status, 403);
  assert.equal((await remove(`snapshots/${snapshot}`)).status, 200);
  assert.equal((await remove(`data/${pack}`)).status, 200);
});

async function withPassword(
  t: { after(action: () => void): void },
  verbs: readonly ("read" | "append" | "delete" | "maintain")[],
) {
  const directory = mkdtempSync(join(tmpdir(), "mycloud-passwords-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const passwordFile = join(directory, "passwords.json");
  await setPassword({ file: passwordFile, repository: "*", user: "u", password: "p", verbs, now: Date.now });
  return { passwordFile, headers: { authorization: `Basic ${Buffer.from("u:p").toString("base64")}` } };
}
