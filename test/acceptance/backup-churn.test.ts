// A backup of a tree that changes all the time: whatever it meets is named, and what it stored is whole.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { backUp } from "@mycloud/backup/archiver";
import { openBackend } from "@mycloud/backup/backend";
import { byteString } from "@mycloud/backup/byte-string";
import { initRepository, type Repository } from "@mycloud/backup/repository";
import { restoreSnapshot } from "@mycloud/backup/restorer";
import { requirePeer } from "../peers/peer.ts";
import { startChurning } from "../support/churn.ts";
import { compareTrees } from "../support/compare-trees.ts";
import { temporaryDirectory } from "../support/index.ts";

const password = "correct horse";

/** What makes a password cheap to try; the cost is not what is tested here. */
const kdf = { N: 2 ** 10, r: 8, p: 1 };

async function makeRepository(path: string): Promise<Repository> {
  const repository = await initRepository(await openBackend(path), { password, kdf, now: Date.now });
  await repository.loadIndex();
  return repository;
}

function restic(path: string, ...args: readonly string[]): string {
  return execFileSync("restic", ["--repo", path, "--no-cache", ...args], {
    env: { ...process.env, RESTIC_PASSWORD: password },
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
}

describe("a tree that changes while it is read", () => {
  test("becomes snapshots that are whole, and the summaries say what was not", { timeout: 300_000 }, async (t) => {
    const root = await temporaryDirectory("churn");
    const tree = `${root}/tree`;
    mkdirSync(`${tree}/churning`, { recursive: true });
    mkdirSync(`${tree}/steady`);
    for (let index = 0; index < 100; index++) {
      writeFileSync(`${tree}/steady/${index}`, Buffer.alloc(index * 1000, `steady ${index} `));
    }
    const repository = await makeRepository(`${root}/repository`);
    t.after(() => repository.close());
    const churning = await startChurning(`${tree}/churning`);
    const summaries: Awaited<ReturnType<typeof backUp>>[] = [];
    for (let round = 0; round < 4; round++) {
      summaries.push(
        await backUp(repository, {
          source: { kind: "paths", paths: [byteString(tree)] },
          hostname: "churn.example.org",
          now: Date.now,
        }),
      );
    }
    const rounds = await churning.stop();
    assert.ok(rounds > 0);
    const errors = summaries.flatMap(({ itemErrors }) => itemErrors);
    assert.ok(errors.length > 0, "a tree that changed all the time had no surprise");
    for (const { item, message } of errors) {
      assert.ok(item.startsWith(`${tree}/churning/`), `${item}: ${message}`);
      assert.match(
        message,
        /^ENOENT|^ENOTDIR|^ELOOP|^EINVAL|it changed while it was read|it was a file|it vanished/,
        item,
      );
    }
    for (const [index, { treeId, errorCount, itemErrors, isIncomplete, figures }] of summaries.entries()) {
      // What was gone before it was read is said, but nothing is missing for it.
      assert.equal(
        isIncomplete,
        itemErrors.some(({ message }) => message !== "it vanished before it was read"),
      );
      assert.equal(errorCount, itemErrors.length);
      assert.equal(figures.errors ?? 0, errorCount, "the snapshot records how many");
      const target = `${root}/restored-${index}`;
      const done = await restoreSnapshot(repository, {
        snapshot: { tree: treeId, paths: [tree] },
        target,
        isVerifying: true,
      });
      assert.deepEqual(done.errorItems, []);
      assert.deepEqual(compareTrees(`${tree}/steady`, `${target}${tree}/steady`).differences, []);
      rmSync(target, { recursive: true });
    }
    if (!requirePeer(t, "/usr/bin/restic", "restic")) return;
    assert.match(restic(`${root}/repository`, "check", "--read-data"), /no errors were found/);
  });
});
