import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openRepositories, stateLayout } from "../repository/index.ts";
import { someObject } from "../testing/index.ts";
import { judgeObject } from "./index.ts";

const directory = mkdtempSync(join(tmpdir(), "mycloud-judge-"));
after(() => rmSync(directory, { recursive: true }));
const repository = await openRepositories(stateLayout(directory), async () => {}).create("a");
const { bytes, name } = someObject(1_000);
const object = { type: "data", name } as const;

async function judge(beforeRead: () => Promise<void> = async () => {}, signal = new AbortController().signal) {
  return await judgeObject(repository, object, beforeRead, signal);
}

/** What the system throws, thrown where a read would. */
const failing = (code: string) => async () => {
  throw Object.assign(new Error(code), { code });
};

test("an object is good, bad by a bit, or gone", async () => {
  assert.deepEqual(await judge(), { kind: "gone" });
  writeFileSync(repository.layout.object(object), bytes);
  assert.deepEqual(await judge(), { kind: "good", bytes: 1_000 });
  const changed = Buffer.from(bytes);
  changed[500] = (changed[500] ?? 0) ^ 1;
  writeFileSync(repository.layout.object(object), changed);
  const verdict = await judge();
  assert.equal(verdict.kind, "bad");
  assert.match(verdict.kind === "bad" ? verdict.reason : "", /SHA-256 is [0-9a-f]{64}/);
});

test("what the disk cannot read is bad, with the reason; what the server may not read is told and passed over", async () => {
  assert.deepEqual(await judge(failing("EIO")), {
    kind: "bad",
    bytes: 0,
    reason: "it cannot be read: EIO",
    inode: null,
  });
  assert.deepEqual(await judge(failing("EACCES")), { kind: "unreadable", reason: "it cannot be read: EACCES" });
  await assert.rejects(judge(failing("EMFILE")), { code: "EMFILE" });
});

test("being stopped is no verdict", async () => {
  const stopping = new AbortController();
  stopping.abort();
  await assert.rejects(judge(failing("EIO"), stopping.signal), { code: "EIO" });
});
