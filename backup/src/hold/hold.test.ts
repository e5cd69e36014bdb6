import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { openLocalBackend } from "../backend/local/index.ts";
import { addHold, formatHold, type Hold, isInForce, listHolds, parseHold, removeHold } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "mycloud-hold-"));
after(() => rmSync(root, { recursive: true }));

const snapshot = "ab".repeat(32);
const hold: Hold = { snapshot, reason: "audit", untilMs: null, createdAtMs: 1000, createdBy: "ops@example.org" };

describe("a hold", () => {
  test("is read as it is written, and refused when it is none or another's", () => {
    assert.deepEqual(parseHold(formatHold(hold), snapshot), hold);
    for (const wrong of [
      "",
      "{}",
      "[]",
      JSON.stringify({ ...hold, reason: "" }),
      JSON.stringify({ ...hold, untilMs: "never" }),
      JSON.stringify({ ...hold, untilMs: undefined }),
      JSON.stringify({ ...hold, untilMs: 1.5 }),
      JSON.stringify({ ...hold, createdAtMs: null }),
      JSON.stringify({ ...hold, snapshot: "ab" }),
      JSON.stringify({ ...hold, reason: "x".repeat(1001) }),
      JSON.stringify({ ...hold, createdBy: "x".repeat(201) }),
    ]) {
      assert.throws(() => parseHold(Buffer.from(wrong), snapshot), { code: "MYCLOUD_BACKUP_DAMAGED" }, wrong);
    }
    assert.throws(() => parseHold(formatHold(hold), "cd".repeat(32)), /holds ab/);
  });

  test("is in force until its end", () => {
    assert.ok(isInForce(hold, 9e15));
    assert.deepEqual(
      [4999, 5000].map((nowMs) => isInForce({ ...hold, untilMs: 5000 }, nowMs)),
      [true, false],
    );
  });

  test("is added to a snapshot that exists, replaced, listed and released", async () => {
    const backend = openLocalBackend(join(root, "repository"));
    await backend.create();
    await assert.rejects(addHold(backend, hold), { code: "MYCLOUD_BACKUP_NOT_FOUND" });
    await backend.save({ type: "snapshots", name: snapshot }, Buffer.from("sealed"));
    await assert.rejects(addHold(backend, { ...hold, untilMs: 1000 }), { code: "MYCLOUD_BACKUP_INPUT" });
    assert.deepEqual(await listHolds(backend), []);
    await addHold(backend, hold);
    await addHold(backend, { ...hold, reason: "court", untilMs: 2000 });
    assert.deepEqual(await listHolds(backend), [{ ...hold, reason: "court", untilMs: 2000 }]);
    await removeHold(backend, snapshot);
    assert.deepEqual(await listHolds(backend), []);
    await assert.rejects(removeHold(backend, snapshot), { code: "MYCLOUD_BACKUP_NOT_FOUND" });
  });

  test("that cannot be read is not passed over", async () => {
    const backend = openLocalBackend(join(root, "damaged"));
    await backend.create();
    await backend.save({ type: "holds", name: snapshot }, Buffer.from("noise"));
    await assert.rejects(listHolds(backend), { code: "MYCLOUD_BACKUP_DAMAGED" });
  });
});
