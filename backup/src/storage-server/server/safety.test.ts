import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { emptyTrash, listTrash, readStorageStatus, undelete } from "../administration/index.ts";
import { setPassword } from "../password-file/index.ts";
import { someObject, startTestServer, type TestServer } from "../testing/index.ts";

const v2 = { accept: "application/vnd.x.restic.rest.v2" };
const dayMs = 24 * 3_600_000;

/** A machine whose time the test moves. */
function machine() {
  const time = { wallMs: Date.now(), monotonicMs: 1_000 };
  return {
    time,
    clocks: { now: () => time.wallMs, monotonicNow: () => time.monotonicMs },
    pass(ms: number) {
      time.wallMs += ms;
      time.monotonicMs += ms;
    },
  };
}

function damage({ layout }: TestServer, type: "data" | "index" | "snapshots", name: string): void {
  const path = layout.repository("a").object({ type, name });
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

test("what is deleted can be put back, to the byte and to its place in the order", async (t) => {
  const server = await startTestServer(t);
  const { send, put, stateDirectory } = server;
  await send("POST", "/a/?create=true");
  await put("a", "snapshots", someObject().bytes);
  const { bytes } = someObject();
  const name = await put("a", "snapshots", bytes);
  await put("a", "snapshots", someObject().bytes);
  await send("DELETE", `/a/snapshots/${name}`);
  const [trashed, ...others] = await listTrash(stateDirectory, "a");
  assert.deepEqual(others, []);
  assert.equal(trashed?.name, name);
  assert.ok(Math.abs((trashed?.trashedAtMs ?? 0) - Date.now()) < 60_000);
  assert.deepEqual(await undelete(stateDirectory, "a"), { objects: 1, bytes: 100 });
  assert.deepEqual((await send("GET", `/a/snapshots/${name}`)).bytes, bytes);
  const list = (await send("GET", "/a/snapshots/", { headers: v2 })).json<{ name: string; sequence: number }[]>();
  assert.equal(list.find((each) => each.name === name)?.sequence, 2);
  assert.deepEqual(await listTrash(stateDirectory, "a"), []);
});

test("a part of the trash is put back by type and by the start of a name, what is there again stays", async (t) => {
  const { send, put, stateDirectory } = await startTestServer(t);
  await send("POST", "/a/?create=true");
  const objects = { pack: someObject(), index: someObject(), again: someObject() };
  const pack = await put("a", "data", objects.pack.bytes);
  const index = await put("a", "index", objects.index.bytes);
  const again = await put("a", "data", objects.again.bytes);
  for (const path of [`data/${pack}`, `index/${index}`, `data/${again}`]) await send("DELETE", `/a/${path}`);
  await put("a", "data", objects.again.bytes);
  assert.equal((await undelete(stateDirectory, "a", { prefixes: [pack.slice(0, 8)] })).objects, 1);
  assert.equal((await undelete(stateDirectory, "a", { types: ["data"] })).objects, 0);
  assert.equal((await undelete(stateDirectory, "a", { types: ["index"] })).objects, 1);
  await assert.rejects(undelete(stateDirectory, "b"), { code: "MYCLOUD_BACKUP_NOT_FOUND" });
});

test("the trash is emptied after the grace period of running time, and no jump of the clock hurries it", async (t) => {
  const { time, clocks, pass } = machine();
  const first = await startTestServer(t, { ...clocks, trashGraceMs: 7 * dayMs });
  const { send, put, stateDirectory } = first;
  await send("POST", "/a/?create=true");
  const name = await put("a", "data", someObject().bytes);
  await send("DELETE", `/a/data/${name}`);
  const kept = async () => (await listTrash(stateDirectory)).length;
  // Restarting is when the trash is looked at, so that the test need not wait an hour.
  const restart = async (check: () => Promise<void>) => {
    const again = await startTestServer({ after: () => {} }, { ...clocks, stateDirectory, trashGraceMs: 7 * dayMs });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await check();
    pass(3.5 * dayMs - 1_000);
    await again.server.close();
  };
  await first.server.close();
  time.wallMs += 365 * dayMs;
  await restart(async () => assert.equal(await kept(), 1));
  time.wallMs -= 730 * dayMs;
  await restart(async () => assert.equal(await kept(), 1));
  time.wallMs += 365 * dayMs;
  time.monotonicMs = 5;
  await restart(async () => assert.equal(await kept(), 1));
  await restart(async () => assert.equal(await kept(), 0));
});

test("an administrator empties the trash at once or by age", async (t) => {
  const { send, put, stateDirectory } = await startTestServer(t);
  await send("POST", "/a/?create=true");
  const name = await put("a", "data", someObject(70).bytes);
  await send("DELETE", `/a/data/${name}`);
  assert.equal((await emptyTrash(stateDirectory, { olderThanMs: dayMs })).objects, 0);
  assert.deepEqual(await emptyTrash(stateDirectory, { repository: "a" }), { objects: 1, bytes: 70 });
});

test("locks go for good", async (t) => {
  const { send, put, stateDirectory } = await startTestServer(t);
  await send("POST", "/a/?create=true");
  const name = await put("a", "locks", someObject().bytes);
  await send("DELETE", `/a/locks/${name}`);
  assert.deepEqual(await listTrash(stateDirectory), []);
});

test("a deleted repository comes back whole, with its trash and the order of its snapshots", async (t) => {
  const { send, put, stateDirectory } = await startTestServer(t);
  await send("POST", "/customer/a/?create=true");
  await put("customer/a", "snapshots", someObject().bytes);
  const name = await put("customer/a", "snapshots", someObject().bytes);
  await send("DELETE", `/customer/a/data/${await put("customer/a", "data", someObject().bytes)}`);
  assert.equal((await send("DELETE", "/customer/a/")).status, 200);
  assert.equal((await send("GET", "/customer/a/snapshots/")).status, 404);
  assert.deepEqual(await readStorageStatus(stateDirectory), []);
  await undelete(stateDirectory, "customer/a");
  const list = (await send("GET", "/customer/a/snapshots/", { headers: v2 })).json<
    { name: string; sequence: number }[]
  >();
  assert.equal(list.find((each) => each.name === name)?.sequence, 2);
  assert.equal((await send("GET", "/customer/a/data/")).json<string[]>().length, 1);
});

test("a held snapshot stays until the hold ends by a clock that cannot jump, or is removed", async (t) => {
  const { time, clocks, pass } = machine();
  const { send, put } = await startTestServer(t, clocks);
  await send("POST", "/a/?create=true");
  const name = await put("a", "snapshots", someObject().bytes);
  const hold = (untilMs: number | null) =>
    Buffer.from(JSON.stringify({ snapshot: name, reason: "audit 2031", untilMs, createdAtMs: 0, createdBy: "ann" }));
  assert.equal((await send("POST", `/a/holds/${name}`, { body: Buffer.from("{}") })).status, 400);
  assert.equal((await send("POST", `/a/holds/${"0".repeat(64)}`, { body: hold(null) })).status, 400);
  assert.equal((await send("POST", `/a/holds/${name}`, { body: hold(time.wallMs + dayMs) })).status, 200);
  const refused = await send("DELETE", `/a/snapshots/${name}`);
  assert.equal(refused.status, 403);
  assert.match(refused.text, /held until .* by ann: audit 2031/);
  time.wallMs += 365 * dayMs;
  assert.equal((await send("DELETE", `/a/snapshots/${name}`)).status, 403);
  time.wallMs -= 365 * dayMs;
  pass(dayMs);
  assert.equal((await send("DELETE", `/a/snapshots/${name}`)).status, 200);

  const other = await put("a", "snapshots", someObject().bytes);
  const forEver = Buffer.from(
    JSON.stringify({ snapshot: other, reason: "r", untilMs: null, createdAtMs: 0, createdBy: "b" }),
  );
  await send("POST", `/a/holds/${other}`, { body: forEver });
  assert.equal((await send("DELETE", `/a/snapshots/${other}`)).status, 403);
  const shorter = Buffer.from(
    JSON.stringify({ snapshot: other, reason: "r", untilMs: 1, createdAtMs: 0, createdBy: "thief" }),
  );
  assert.equal((await send("POST", `/a/holds/${other}`, { body: shorter })).status, 409);
  assert.equal((await send("POST", `/a/holds/${other}`, { body: forEver })).status, 200);
  assert.equal((await send("DELETE", `/a/snapshots/${other}`)).status, 403);
  assert.equal((await send("DELETE", `/a/holds/${other}`)).status, 200);
  assert.equal((await send("DELETE", `/a/snapshots/${other}`)).status, 200);
});

test("a flipped bit is found, put away, still readable, wanted, and healed by the same content", async (t) => {
  const server = await startTestServer(t);
  const { send, put, stateDirectory } = server;
  await send("POST", "/a/?create=true");
  await send("POST", "/a/config", { body: Buffer.from("config") });
  const good = await put("a", "data", someObject(2_000).bytes);
  const { bytes } = someObject(2_000);
  const name = await put("a", "data", bytes);
  const index = await put("a", "index", someObject().bytes);
  assert.deepEqual((await server.server.scrubNow()).bad, []);

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

test("a quota is kept, several uploads at once or not, and deleting makes room", async (t) => {
  const { send, put } = await startTestServer(t, { quotaBytes: 10_000 });
  await send("POST", "/a/?create=true");
  const first = await put("a", "data", someObject(6_000).bytes);
  const objects = Array.from({ length: 6 }, () => someObject(1_500));
  const statuses = await Promise.all(
    objects.map(async ({ bytes, name }) => (await send("POST", `/a/data/${name}`, { body: bytes })).status),
  );
  assert.deepEqual(statuses.sort(), [200, 200, 507, 507, 507, 507]);
  const refused = await send("POST", `/a/data/${someObject(1_500).name}`, { body: Buffer.alloc(1_500) });
  assert.equal(refused.status, 507);
  assert.equal(refused.json<{ error: { code: string } }>().error.code, "MYCLOUD_OUT_OF_SPACE");
  await put("a", "locks", someObject(200).bytes);
  await send("DELETE", `/a/data/${first}`);
  await put("a", "data", someObject(1_500).bytes);
});

test("uploads leave the reserve alone, while locks and deletion work", async (t) => {
  const { send, put } = await startTestServer(t, { reserveBytes: Number.MAX_SAFE_INTEGER });
  await send("POST", "/a/?create=true");
  const { bytes, name } = someObject();
  assert.equal((await send("POST", `/a/data/${name}`, { body: bytes })).status, 507);
  const lock = await put("a", "locks", bytes);
  assert.equal((await send("DELETE", `/a/locks/${lock}`)).status, 200);
  const readiness = await send("GET", "/readyz");
  assert.equal(readiness.status, 503);
  assert.match(readiness.text, /full/);
});

test("two servers do not work on one directory", async (t) => {
  const { stateDirectory, server } = await startTestServer(t);
  await assert.rejects(startTestServer({ after: () => {} }, { stateDirectory }), /another storage server/);
  await server.close();
  await startTestServer(t, { stateDirectory });
});

test("what an upload left behind is removed at the next start", async (t) => {
  const { stateDirectory, layout, server } = await startTestServer(t);
  await server.close();
  writeFileSync(join(layout.temporaries, "left"), "x");
  await startTestServer(t, { stateDirectory });
  assert.deepEqual(readdirSync(layout.temporaries), []);
});

test("space is really kept in reserve, and given up when the disk is full to the last byte", async (t) => {
  const { layout } = await startTestServer(t, { reserveBytes: 100_000 });
  const { size, blocks } = statSync(layout.reserveFile);
  assert.equal(size, 100_000);
  assert.ok(blocks * 512 >= 100_000);
  rmSync(layout.reserveFile);
});

/** A password file with one user of every repository, and the header that signs in as that user. */
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
