import assert from "node:assert/strict";
import { readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { emptyTrash, listTrash, readStorageStatus, undelete } from "../administration/index.ts";
import { someObject, startTestServer } from "../testing/index.ts";

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
