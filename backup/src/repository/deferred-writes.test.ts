import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openLocalBackend } from "../backend/local/index.ts";
import { idOf } from "../blob/index.ts";
import { DeferredWrites } from "./deferred-writes.ts";

const root = mkdtempSync(join(tmpdir(), "mycloud-deferred-writes-"));
after(() => rmSync(root, { recursive: true }));

const bytes = Buffer.from("content");
const file = (type: "data" | "locks") => ({ type, name: idOf(bytes) }) as const;

async function newBackend(name: string) {
  const local = openLocalBackend(join(root, name));
  await local.create();
  return { local, deferred: new DeferredWrites(local) };
}

test("what changes the repository waits for the promise; locks and reading do not", async () => {
  const { local, deferred } = await newBackend("waits");
  const certain = Promise.withResolvers<void>();
  deferred.defer(certain.promise);
  let isSaved = false;
  const saving = deferred.save(file("data"), bytes).then(() => {
    isSaved = true;
  });
  await deferred.save(file("locks"), bytes);
  assert.equal((await deferred.list("locks")).length, 1);
  assert.equal(await deferred.stat(file("data")), null);
  assert.equal(isSaved, false);
  certain.resolve();
  await saving;
  assert.deepEqual(Buffer.from(await local.load(file("data"))), bytes);
});

test("what waited fails when the promise does, and what comes after it too, until another is given", async () => {
  const { local, deferred } = await newBackend("fails");
  await local.save(file("data"), bytes);
  const certain = Promise.withResolvers<void>();
  deferred.defer(certain.promise);
  const removing = deferred.remove(file("data"));
  certain.reject(new Error("locked"));
  await assert.rejects(removing, /locked/);
  await assert.rejects(deferred.remove(file("data")), /locked/);
  assert.equal((await local.list("data")).length, 1);
  deferred.defer(Promise.resolve());
  await deferred.remove(file("data"));
  assert.deepEqual(await local.list("data"), []);
});
