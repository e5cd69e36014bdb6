import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { idOf } from "../../blob/index.ts";
import { InputError, NotAllowedError, NotFoundError } from "../../error/index.ts";
import { describeBackend } from "../testing/backend-suite.ts";
import { openLocalBackend } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "mycloud-local-backend-"));
after(() => rmSync(root, { recursive: true }));
let count = 0;
const newPlace = () => join(root, String(count++), "repository");

describeBackend("local backend", async () => {
  return { backend: openLocalBackend(newPlace()), close: async () => undefined };
});

const bytes = Buffer.from("content");
const pack = { type: "data", name: idOf(bytes) } as const;
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

test("directories and files lie and are closed to others as restic's are", async () => {
  const place = newPlace();
  const backend = openLocalBackend(place);
  await backend.create();
  await backend.save(pack, bytes);
  await backend.save({ type: "config", name: "" }, bytes);
  assert.equal(modeOf(place), "700");
  assert.equal(readdirSync(join(place, "data")).length, 256);
  assert.equal(modeOf(join(place, "data", pack.name.slice(0, 2), pack.name)), "400");
  assert.equal(modeOf(join(place, "config")), "400");
  assert.deepEqual(readdirSync(place).sort(), ["config", "data", "holds", "index", "keys", "locks", "snapshots"]);
});

test("a repository whose config the group may read stays readable by the group", async () => {
  const place = newPlace();
  await openLocalBackend(place).create();
  await openLocalBackend(place).save({ type: "config", name: "" }, bytes);
  chmodSync(join(place, "config"), 0o440);
  await openLocalBackend(place).save(pack, bytes);
  assert.equal(modeOf(join(place, "data", pack.name.slice(0, 2), pack.name)), "440");
});

test("files that are not named by an id, and directories that are missing, are passed over", async () => {
  const place = newPlace();
  const backend = openLocalBackend(place);
  await backend.create();
  writeFileSync(join(place, "index", "README"), "");
  writeFileSync(join(place, "index", `${pack.name}-tmp-123`), "");
  rmSync(join(place, "holds"), { recursive: true });
  assert.deepEqual(await backend.list("index"), []);
  assert.deepEqual(await backend.list("holds"), []);
  await backend.save({ type: "holds", name: pack.name }, bytes);
  assert.equal((await backend.list("holds")).length, 1);
});

test("what a killed writer left is cleared away after a day", async () => {
  const place = newPlace();
  let now = Date.now();
  const backend = openLocalBackend(place, { now: () => now });
  await backend.create();
  const temporary = join(place, "locks", `${pack.name}-tmp-0123456789ab`);
  writeFileSync(temporary, "half");
  await backend.list("locks");
  assert.ok(existsSync(temporary));
  now += 25 * 3600 * 1000;
  await backend.list("locks");
  assert.ok(!existsSync(temporary));
});

test("the ruin of a file is replaced when the file is saved again", async () => {
  const place = newPlace();
  const backend = openLocalBackend(place);
  await backend.create();
  writeFileSync(join(place, "data", pack.name.slice(0, 2), pack.name), "con");
  utimesSync(place, 0, 0);
  await backend.save(pack, bytes);
  assert.deepEqual(Buffer.from(await backend.load(pack)), bytes);
});

test("no name leads out of the repository", async () => {
  const backend = openLocalBackend(newPlace());
  await backend.create();
  for (const name of ["..", "../config", "/etc/passwd", "", "A".repeat(64)]) {
    await assert.rejects(backend.load({ type: "keys", name }), InputError);
    await assert.rejects(backend.save({ type: "data", name }, bytes), InputError);
    await assert.rejects(backend.remove({ type: "index", name }), InputError);
  }
});

test("a place that does not exist is not found, and not made by a save", async () => {
  const place = newPlace();
  const backend = openLocalBackend(place);
  assert.equal(await backend.stat({ type: "config", name: "" }), null);
  await assert.rejects(backend.save(pack, bytes), NotFoundError);
  assert.ok(!existsSync(place));
});

test("a directory that the system protects is not allowed", {
  skip: process.getuid?.() === 0 && "root may do everything",
}, async () => {
  const place = newPlace();
  mkdirSync(place, { recursive: true, mode: 0o500 });
  chmodSync(place, 0o500);
  await assert.rejects(openLocalBackend(place).create(), NotAllowedError);
});
