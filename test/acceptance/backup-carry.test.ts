// Snapshots that restic made, tagged, copied, rewritten and counted by us: restic finds nothing wrong with what is there afterwards.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { openLocalBackend } from "@mycloud/backup/backend/local";
import { byteString } from "@mycloud/backup/byte-string";
import { copySnapshots } from "@mycloud/backup/copy";
import { addHold, listHolds } from "@mycloud/backup/hold";
import { initRepository, openRepository, type Repository } from "@mycloud/backup/repository";
import { rewriteSnapshots } from "@mycloud/backup/rewrite";
import { listSnapshots } from "@mycloud/backup/snapshot";
import { countStatistics, statisticsModes } from "@mycloud/backup/stats";
import { changeTags } from "@mycloud/backup/tag";
import { requirePeer } from "../peers/peer.ts";
import { makeKeyCheap } from "../support/cheap-repository.ts";
import { temporaryDirectory } from "../support/index.ts";

const resticPath = "/usr/bin/restic";
const password = "carried";
const nowMs = Date.now;
const root = await temporaryDirectory("backup-carry");
const home = join(root, "home");
let repositories = 0;

function restic(directory: string, ...args: readonly string[]): string {
  return execFileSync(resticPath, ["--repo", directory, "--no-cache", ...args], {
    env: { ...process.env, RESTIC_PASSWORD: password },
    encoding: "utf8",
  });
}

/** A copy of the repository that restic made, so that each test has one to itself. */
async function freshRepository(): Promise<{ readonly directory: string; readonly repository: Repository }> {
  const directory = join(root, `repository-${++repositories}`);
  await cp(join(root, "made-by-restic"), directory, { recursive: true });
  return { directory, repository: await open(directory) };
}

function open(directory: string): Promise<Repository> {
  return openRepository(openLocalBackend(directory), password, { cacheDirectory: null, now: nowMs });
}

describe("what restic stored is carried on by us", () => {
  before(async () => {
    if (!existsSync(resticPath)) return;
    await mkdir(join(home, "deep/er"), { recursive: true });
    await writeFile(join(home, "deep/er/secret.key"), "do not keep this");
    await writeFile(join(home, "deep/er/letter.txt"), "keep this\n".repeat(5000));
    await writeFile(join(home, "large"), Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => (at * at) >> 7)));
    await cp(join(home, "large"), join(home, "same-again"));
    const directory = join(root, "made-by-restic");
    restic(directory, "init");
    await makeKeyCheap({ location: directory, password });
    restic(directory, "backup", "--tag", "first", home);
    await writeFile(join(home, "deep/er/letter.txt"), "changed\n".repeat(7000));
    restic(directory, "backup", "--tag", "second", home);
  });
  after(() => rm(root, { recursive: true, force: true }));

  test("statistics are restic's in every mode", async (t) => {
    if (!requirePeer(t, resticPath, "restic")) return;
    const { directory, repository } = await freshRepository();
    for (const mode of statisticsModes) {
      const ours = await countStatistics(repository, { mode });
      const theirs = JSON.parse(restic(directory, "stats", "--json", "--mode", mode).trim().split("\n").at(-1) ?? "");
      assert.deepEqual(
        [ours.totalSize, ours.files, ours.blobs, ours.snapshots],
        [theirs.total_size, theirs.total_file_count ?? 0, theirs.total_blob_count ?? 0, theirs.snapshots_count],
        mode,
      );
    }
  });

  test("tags change, and a hold goes with its snapshot", async (t) => {
    if (!requirePeer(t, resticPath, "restic")) return;
    const { directory, repository } = await freshRepository();
    const [first] = await listSnapshots(repository);
    assert.ok(first);
    const hold = { snapshot: first.id, reason: "court", untilMs: null, createdAtMs: 1, createdBy: "test" };
    await addHold(repository.backend, hold);
    const changed = await changeTags(repository, { changes: { add: ["kept"], remove: ["first"] } });
    assert.equal(changed.length, 2);
    assert.deepEqual(tagsOf(directory), [["kept"], ["second", "kept"]]);
    assert.deepEqual(
      (await listHolds(repository.backend)).map(({ snapshot }) => snapshot),
      [changed[0]?.newId],
    );
    const [again] = await listSnapshots(repository);
    assert.equal(again?.original, first.id);
    assert.deepEqual(await changeTags(repository, { changes: { add: ["kept"] } }), []);
    assertSound(directory);
  });

  for (const version of [2, 1] as const) {
    test(`snapshots are copied into a repository of version ${version}, once`, async (t) => {
      if (!requirePeer(t, resticPath, "restic")) return;
      const { repository } = await freshRepository();
      const directory = join(root, `copy-${version}`);
      const destination = await initRepository(openLocalBackend(directory), {
        password,
        version,
        kdf: { N: 2, r: 8, p: 1 },
        copyChunkerFrom: repository.config,
        now: nowMs,
      });
      const result = await copySnapshots(repository, destination, { nowMs });
      assert.equal(result.copied.length, 2);
      assertSound(directory);
      const restored = join(root, `restored-${version}`);
      restic(directory, "restore", "latest", "--target", restored);
      assert.deepEqual(readFileSync(join(restored, home, "large")), readFileSync(join(home, "large")));
      const second = await copySnapshots(repository, await open(directory), { nowMs });
      assert.deepEqual([second.copied, second.skipped.length, second.blobs], [[], 2, 0]);
    });
  }

  test("a copy takes only what the other repository lacks, and only the snapshots that are meant", async (t) => {
    if (!requirePeer(t, resticPath, "restic")) return;
    const { directory: from, repository } = await freshRepository();
    const { directory: to, repository: destination } = await freshRepository();
    await writeFile(join(home, "new"), "only here\n".repeat(300));
    restic(from, "backup", "--tag", "third", home);
    restic(from, "backup", "--tag", "fourth", home);
    await rm(join(home, "new"));
    const result = await copySnapshots(repository, destination, { nowMs, filter: { tags: [["third"]] } });
    assert.equal(result.copied.length, 1);
    // The new file, and each directory on the way to it: the rest is there.
    assert.ok(result.blobs >= 2 && result.blobs <= 12, `${result.blobs} blobs`);
    assert.deepEqual(tagsOf(to), [["first"], ["second"], ["third"]]);
    assertSound(to);
  });

  test("a copy ends at a damaged blob, names its pack, and is finished once that is whole again", async (t) => {
    if (!requirePeer(t, resticPath, "restic")) return;
    const { directory, repository } = await freshRepository();
    const target = join(root, "copy-of-damaged");
    const destination = await initRepository(openLocalBackend(target), {
      password,
      kdf: { N: 2, r: 8, p: 1 },
      now: nowMs,
    });
    const pack = await largestPack(directory);
    const whole = readFileSync(pack);
    const broken = Buffer.from(whole);
    broken.writeUInt8(broken.readUInt8(100) ^ 1, 100);
    await writeFile(pack, broken);
    await assert.rejects(copySnapshots(repository, destination, { nowMs }), { code: "MYCLOUD_BACKUP_DAMAGED" });
    assert.deepEqual(await listSnapshots(destination), []);
    await writeFile(pack, whole);
    assert.equal((await copySnapshots(repository, destination, { nowMs })).copied.length, 2);
    assertSound(target);
  });

  test("a path is taken out of every snapshot; prune then removes its data", async (t) => {
    if (!requirePeer(t, resticPath, "restic")) return;
    const { directory, repository } = await freshRepository();
    const exclude = { patterns: [byteString("secret.key")] };
    const planned = await rewriteSnapshots(repository, { exclude, forget: true, isDryRun: true, nowMs });
    assert.deepEqual(
      planned.rewritten.map(({ newId, removedEntries, removedBytes }) => [newId, removedEntries, removedBytes]),
      [
        [null, 1, 16],
        [null, 1, 16],
      ],
    );
    assert.match(restic(directory, "ls", "latest"), /secret\.key/);
    const { rewritten } = await rewriteSnapshots(repository, { exclude, forget: true, nowMs });
    assert.equal(rewritten.length, 2);
    assert.deepEqual(tagsOf(directory), [["first"], ["second"]]);
    for (const { newId } of rewritten) {
      assert.match(restic(directory, "ls", newId ?? ""), /letter\.txt/);
      assert.doesNotMatch(restic(directory, "ls", newId ?? ""), /secret\.key/);
    }
    restic(directory, "prune", "--max-unused", "0");
    assertSound(directory);
    assert.equal((await rewriteSnapshots(repository, { exclude, nowMs })).rewritten.length, 0);
  });

  test("without removing the old ones, rewritten snapshots stand beside them and are tagged", async (t) => {
    if (!requirePeer(t, resticPath, "restic")) return;
    const { directory, repository } = await freshRepository();
    await rewriteSnapshots(repository, { exclude: { patterns: [byteString("er")] }, snapshots: ["latest"], nowMs });
    assert.deepEqual(tagsOf(directory).sort(), [["first"], ["second"], ["second", "rewrite"]]);
    assertSound(directory);
  });

  test("nothing is taken out of a snapshot that is held", async (t) => {
    if (!requirePeer(t, resticPath, "restic")) return;
    const { directory, repository } = await freshRepository();
    const [first] = await listSnapshots(repository);
    assert.ok(first);
    const hold = { snapshot: first.id, reason: "court", untilMs: null, createdAtMs: 1, createdBy: "test" };
    await addHold(repository.backend, hold);
    const exclude = { patterns: [byteString("secret.key")] };
    await assert.rejects(rewriteSnapshots(repository, { exclude, forget: true, nowMs }), /is held \("court"\)/);
    assert.deepEqual(tagsOf(directory), [["first"], ["second"]]);
    assertSound(directory);
  });
});

function tagsOf(directory: string): string[][] {
  const snapshots: { time: string; tags?: string[] }[] = JSON.parse(restic(directory, "snapshots", "--json"));
  return snapshots.sort((a, b) => Date.parse(a.time) - Date.parse(b.time)).map(({ tags }) => tags ?? []);
}

function assertSound(directory: string): void {
  assert.match(restic(directory, "check", "--read-data"), /no errors were found/);
}

async function largestPack(directory: string): Promise<string> {
  const names = await readdir(join(directory, "data"), { recursive: true });
  const packs = names.filter((name) => /[0-9a-f]{64}$/.test(name)).map((name) => join(directory, "data", name));
  const sized = packs.map((path) => ({ path, size: readFileSync(path).length }));
  return sized.sort((a, b) => b.size - a.size)[0]?.path ?? "";
}
