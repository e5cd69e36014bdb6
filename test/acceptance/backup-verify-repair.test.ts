// Prune, verify and repair on repositories that Debian's restic made, and restic's judgement of what they leave.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmod, cp, mkdir, readdir, readFile, rename, rm, truncate, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { openLocalBackend } from "@mycloud/backup/backend/local";
import { forget } from "@mycloud/backup/forget";
import { addHold } from "@mycloud/backup/hold";
import { type PrunePlan, prune } from "@mycloud/backup/prune";
import { repairIndex, repairPacks, repairSnapshots } from "@mycloud/backup/repair";
import { openRepository, type Repository } from "@mycloud/backup/repository";
import { listSnapshots } from "@mycloud/backup/snapshot";
import { type Finding, type VerifyResult, verify } from "@mycloud/backup/verify";
import { requireRestic, runRestic } from "../peers/restic.ts";
import { makeKeyCheap } from "../support/cheap-repository.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const password = "correct horse";
const nowMs = Date.now;

/** A repository with three snapshots of a tree that changed in between, made by restic. */
interface Site {
  readonly root: string;
  /** As the newest snapshot has it. */
  readonly source: string;
  readonly template: string;
  copies: number;
}

async function restic(location: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runRestic({ location, password }, args);
  assert.equal(code, 0, `restic ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout;
}

async function makeSite(version: 1 | 2): Promise<Site> {
  const root = await temporaryDirectory("verify");
  const [source, template] = [join(root, "source"), join(root, "repository")];
  for (let directory = 0; directory < 4; directory++) {
    await mkdir(join(source, `d${directory}`), { recursive: true });
    for (const [name, length] of [
      ["large", 1_500_000],
      ["small", 900],
      ["text", 40_000],
    ] as const) {
      const bytes = name === "text" ? Buffer.alloc(length, `text ${directory} `) : randomBytes(length);
      await writeFile(join(source, `d${directory}`, name), bytes);
    }
  }
  await restic(template, "init", "--repository-version", String(version));
  await makeKeyCheap({ location: template, password });
  await restic(template, "backup", "--host", "h", source);
  await rm(join(source, "d0"), { recursive: true });
  await writeFile(join(source, "d1", "large"), randomBytes(1_500_000));
  await restic(template, "backup", "--host", "h", source);
  await rm(join(source, "d2", "large"));
  await writeFile(join(source, "d3", "new"), randomBytes(300_000));
  await restic(template, "backup", "--host", "h", source);
  return { root, source, template, copies: 0 };
}

async function open(location: string): Promise<Repository> {
  return await openRepository(openLocalBackend(location), password, { cacheDirectory: null, now: nowMs });
}

/** A copy of the site's repository, to be changed. */
async function copyOf(site: Site): Promise<{ location: string; repository: Repository }> {
  const location = join(site.root, `copy-${site.copies++}`);
  await cp(site.template, location, { recursive: true });
  return { location, repository: await open(location) };
}

async function filesOf(location: string): Promise<readonly string[]> {
  return (await readdir(location, { recursive: true })).sort();
}

/** restic finds every byte right, and the newest snapshot as the source is. */
async function assertWhole(site: Site, location: string): Promise<void> {
  assert.match(await restic(location, "check", "--read-data"), /no errors were found/);
  const target = `${location}-restored`;
  await restic(location, "restore", "latest", "--target", target);
  await assertSameTree(site.source, join(target, site.source));
}

async function assertSameTree(expected: string, actual: string): Promise<void> {
  const names = await filesOf(expected);
  assert.deepEqual(await filesOf(actual), names);
  for (const name of names) {
    const content = await readFile(join(expected, name)).catch(() => null);
    if (content !== null) assert.ok(content.equals(await readFile(join(actual, name))), name);
  }
}

function packPath(location: string, packId: string): string {
  return join(location, "data", packId.slice(0, 2), packId);
}

async function flipBit(path: string, offset: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[offset] = (bytes[offset] ?? 0) ^ 4;
  await chmod(path, 0o600);
  await writeFile(path, bytes);
}

/** The pack and place of a file's only piece of content. */
async function placeOf(repository: Repository, directory: string, name: string) {
  await repository.loadIndex();
  const snapshots = await listSnapshots(repository);
  let nodes = await repository.loadTree(snapshots[0]?.tree ?? "");
  for (;;) {
    const node = nodes.find((candidate) => candidate.name === name || candidate.name === directory) ?? nodes[0];
    if (node?.type === "file") return repository.index.find("data", node.content?.[0] ?? "")!;
    nodes = await repository.loadTree(node?.subtree ?? "");
  }
}

async function largestPack(repository: Repository, type: "data" | "tree") {
  await repository.loadIndex();
  const packs = [...repository.index.packs()].map(({ id }) => ({ id, blobs: repository.index.blobsOfPack(id) }));
  packs.sort((a, b) => b.blobs.length - a.blobs.length);
  return packs.find(({ blobs }) => blobs[0]?.type === type)!;
}

const ofKind = ({ findings }: VerifyResult, kind: Finding["kind"]) =>
  findings.filter((finding) => finding.kind === kind);
const wasteOf = ({ unused, duplicate, unreferencedBytes }: PrunePlan) =>
  unused.bytes + duplicate.bytes + unreferencedBytes;

describe("prune, verify and repair", () => {
  let site: Site;
  before(async () => {
    site = await makeSite(2);
  });

  describe("prune", () => {
    test("after restic's forget leaves what the last snapshot needs, and no more", async (t) => {
      if (!requireRestic(t)) return;
      const { location, repository } = await copyOf(site);
      await restic(location, "forget", "--keep-last", "1");
      const files = await filesOf(location);
      const { plan } = await prune(repository, { isDryRun: true, maxUnused: { bytes: 0 }, nowMs });
      assert.ok(wasteOf(plan) > 3_000_000 && plan.unusedBytesAfter === 0);
      assert.deepEqual(await filesOf(location), files);
      await prune(repository, { maxUnused: { bytes: 0 }, nowMs });
      await assertWhole(site, location);
      const again = await prune(await open(location), { maxUnused: { bytes: 0 }, nowMs });
      assert.equal(wasteOf(again.plan), 0);
      // Headers that become fewer or shorter are not foreseen.
      assert.ok(Math.abs(again.plan.totalBytesBefore - plan.totalBytesAfter) < 10_000);
      assert.match(await restic(location, "prune", "--dry-run", "--max-unused", "0"), /total prune: +0 blobs/);
    });

    test("and restic's prune may follow our forget, and ours restic's", async (t) => {
      if (!requireRestic(t)) return;
      const { location, repository } = await copyOf(site);
      const { removed } = await forget(repository, { what: { policy: { keepLast: 2 } }, nowMs: nowMs() });
      assert.equal(removed.length, 1);
      await restic(location, "prune", "--max-unused", "0");
      await restic(location, "forget", "--keep-last", "1");
      await prune(await open(location), { maxUnused: { bytes: 0 }, nowMs });
      await assertWhole(site, location);
    });

    test("removes duplicates and what an interrupted backup left", async (t) => {
      if (!requireRestic(t)) return;
      const { location } = await copyOf(site);
      // Without an index restic stores everything once more; with the old index back, all of it is there twice.
      await rename(join(location, "index"), join(location, "index-aside"));
      await mkdir(join(location, "index"));
      await restic(location, "backup", "--force", "--host", "h", site.source);
      for (const name of await readdir(join(location, "index-aside"))) {
        await rename(join(location, "index-aside", name), join(location, "index", name));
      }
      await rm(join(location, "index-aside"), { recursive: true });
      const stray = "ab".repeat(32);
      await mkdir(join(location, "data", "ab"), { recursive: true });
      await writeFile(packPath(location, stray), "half a pack");
      const { plan } = await prune(await open(location), { maxUnused: { bytes: 0 }, nowMs });
      assert.ok(plan.duplicate.bytes > 1_000_000);
      assert.deepEqual(plan.packsUnreferenced, [stray]);
      await assertWhole(site, location);
      assert.equal(wasteOf((await prune(await open(location), { isDryRun: true, nowMs })).plan), 0);
    });

    test("refuses, and changes nothing, when a pack that is needed is missing or cut", async () => {
      for (const damage of [unlink, (path: string) => truncate(path, 1000)]) {
        const { location, repository } = await copyOf(site);
        const { id } = await largestPack(repository, "data");
        await chmod(packPath(location, id), 0o600);
        await damage(packPath(location, id));
        const files = await filesOf(location);
        await assert.rejects(prune(repository, { maxUnused: { bytes: 0 }, nowMs }), { object: `data/${id}` });
        assert.deepEqual(await filesOf(location), files);
      }
    });

    test("keeps a damaged pack's blobs from being lost unseen", async (t) => {
      if (!requireRestic(t)) return;
      const { location, repository } = await copyOf(site);
      await restic(location, "forget", "--keep-last", "1");
      const { id, blobs } = await largestPack(repository, "data");
      for (const { offset } of blobs) await flipBit(packPath(location, id), offset + 20);
      await assert.rejects(prune(await open(location), { maxUnused: { bytes: 0 }, nowMs }), { object: `data/${id}` });
      assert.ok((await readFile(packPath(location, id))).length > 0);
    });

    test("takes a repository of version 1", async (t) => {
      if (!requireRestic(t)) return;
      const old = await makeSite(1);
      await restic(old.template, "forget", "--keep-last", "1");
      await prune(await open(old.template), { maxUnused: { bytes: 0 }, nowMs });
      await assertWhole(old, old.template);
      assert.ok((await verify(await open(old.template), { readData: { kind: "all" } })).isSound);
    });
  });

  describe("verify", () => {
    test("finds nothing in a sound repository, and reads every pack once in parts", async () => {
      const repository = await open(site.template);
      const whole = await verify(repository, { readData: { kind: "all" } });
      assert.deepEqual([whole.isSound, whole.findings, whole.snapshots], [true, [], 3]);
      assert.equal(whole.packsRead, whole.packs);
      let read = 0;
      for (const n of [1, 2, 3]) read += (await verify(repository, { readData: { kind: "part", n, t: 3 } })).packsRead;
      assert.equal(read, whole.packs);
      const some = await verify(repository, { readData: { kind: "percent", percent: 30 }, random: () => 0.5 });
      assert.ok(some.packsRead >= 1 && some.packsRead < whole.packs);
    });

    test("names the file and the snapshots that a flipped bit hits", async (t) => {
      if (!requireRestic(t)) return;
      const { location, repository } = await copyOf(site);
      const { packId, offset } = await placeOf(repository, "d1", "small");
      await flipBit(packPath(location, packId), offset + 100);
      assert.ok((await verify(repository)).isSound, "structure does not show it");
      const result = await verify(repository, { readData: { kind: "all" } });
      const [finding] = result.findings;
      assert.equal(finding?.kind, "pack-damaged");
      assert.equal(finding.object, `data/${packId}`);
      assert.deepEqual([result.isSound, finding.affectedFileCount, finding.affectedSnapshots.length], [false, 3, 3]);
      for (const { path } of finding.affectedFiles) assert.ok(path.endsWith("/source/d1/small"), path);
      assert.notEqual((await runRestic({ location, password }, ["check", "--read-data"])).code, 0);
    });

    test("names the directories that a damaged tree hits, and goes on beside them", async () => {
      const { location, repository } = await copyOf(site);
      const { id, blobs } = await largestPack(repository, "tree");
      for (const { offset } of blobs) await flipBit(packPath(location, id), offset + 20);
      const result = await verify(await open(location), { readData: { kind: "all" } });
      assert.ok(ofKind(result, "tree-damaged").length > 0);
      assert.ok(result.findings.flatMap(({ affectedFiles }) => affectedFiles).every(({ path }) => path.endsWith("/")));
    });

    test("tells a missing, a short and an unknown pack, and a missing index apart", async () => {
      const { location, repository } = await copyOf(site);
      const { id } = await largestPack(repository, "data");
      await chmod(packPath(location, id), 0o600);
      await truncate(packPath(location, id), 100_000);
      assert.ok((ofKind(await verify(repository), "pack-size-wrong")[0]?.affectedFileCount ?? 0) > 0);
      await unlink(packPath(location, id));
      const missing = await verify(repository);
      assert.equal(ofKind(missing, "pack-missing")[0]?.object, `data/${id}`);
      const [index = ""] = await readdir(join(location, "index"));
      await unlink(join(location, "index", index));
      const unindexed = await verify(repository);
      assert.ok(ofKind(unindexed, "pack-unreferenced").every(({ severity }) => severity === "note"));
      assert.ok(ofKind(unindexed, "blob-missing").length + ofKind(unindexed, "tree-missing").length > 0);
    });

    test("tells damaged snapshot and index files", async () => {
      const { location, repository } = await copyOf(site);
      for (const folder of ["snapshots", "index"]) {
        const [name = ""] = await readdir(join(location, folder));
        await flipBit(join(location, folder, name), 40);
      }
      const result = await verify(repository);
      assert.equal(ofKind(result, "snapshot-unreadable").length, 1);
      assert.equal(ofKind(result, "index-unreadable").length, 1);
    });
  });

  describe("repair", () => {
    test("makes an index from the packs", async (t) => {
      if (!requireRestic(t)) return;
      for (const damage of ["all gone", "one gone", "one damaged"]) {
        const { location, repository } = await copyOf(site);
        const [first = "", ...others] = await readdir(join(location, "index"));
        if (damage === "one damaged") await flipBit(join(location, "index", first), 40);
        else
          for (const name of damage === "all gone" ? [first, ...others] : [first])
            await unlink(join(location, "index", name));
        const result = await repairIndex(repository);
        assert.ok(result.packsEntered > 0);
        assert.deepEqual([result.packsMissing, result.packsUnreadable], [[], []]);
        assert.equal(result.indexesUnreadable.length, damage === "one damaged" ? 1 : 0);
        await assertWhole(site, location);
      }
      const { location, repository } = await copyOf(site);
      const result = await repairIndex(repository, { readAllPacks: true });
      assert.equal(result.packsEntered, [...repository.index.packs()].length);
      await assertWhole(site, location);
    });

    test("salvages what is whole in damaged packs and drops from snapshots what is lost", async (t) => {
      if (!requireRestic(t)) return;
      const { location, repository } = await copyOf(site);
      const { packId, offset } = await placeOf(repository, "d1", "small");
      await flipBit(packPath(location, packId), offset + 100);
      const blobs = repository.index.blobsOfPack(packId).length;

      const salvage = await repairPacks(repository, [packId]);
      assert.deepEqual(salvage, { packs: 1, blobsSalvaged: blobs - 1, blobsLost: 1 });
      assert.equal(ofKind(await verify(repository), "blob-missing")[0]?.affectedSnapshots.length, 3);

      const snapshots = await listSnapshots(repository);
      const held = snapshots[0]?.id ?? "";
      await addHold(repository.backend, {
        snapshot: held,
        reason: "audit",
        untilMs: null,
        createdAtMs: 0,
        createdBy: "",
      });
      const dry = await repairSnapshots(repository, { isDryRun: true, nowMs: nowMs() });
      assert.deepEqual(
        dry.repaired.map(({ newId, changeCount }) => [newId, changeCount]),
        Array(3).fill([null, 1]),
      );
      const { examined, repaired } = await repairSnapshots(repository, { forget: true, nowMs: nowMs() });
      assert.deepEqual([examined, repaired.length, repaired.filter(({ isHeld }) => isHeld).length], [3, 3, 1]);
      for (const { changes } of repaired) assert.match(changes[0]?.path ?? "", /\/source\/d1\/small$/);
      await rm(join(location, "snapshots", held));

      assert.match(await restic(location, "check", "--read-data"), /no errors were found/);
      const list = JSON.parse(await restic(location, "snapshots", "--json")) as {
        id: string;
        tags: string[];
        original: string;
      }[];
      assert.deepEqual(
        list.map(({ tags }) => tags),
        Array(3).fill(["repaired"]),
      );
      assert.deepEqual(list.map(({ original }) => original).sort(), snapshots.map(({ id }) => id).sort());
      // Everything but the lost file is there, byte for byte.
      const target = `${location}-restored`;
      await restic(location, "restore", "latest", "--target", target);
      const lost = join("d1", "small");
      assert.equal((await readFile(join(target, site.source, lost))).length, 0);
      await cp(join(site.source, lost), join(target, site.source, lost));
      await assertSameTree(site.source, join(target, site.source));
      assert.ok((await verify(repository, { readData: { kind: "all" } })).isSound);
    });

    test("leaves a sound repository as it is", async () => {
      const { location, repository } = await copyOf(site);
      const files = await filesOf(location);
      assert.deepEqual((await repairSnapshots(repository, { nowMs: nowMs() })).repaired, []);
      assert.deepEqual(await filesOf(location), files);
      await assert.rejects(repairPacks(repository, ["ab".repeat(32)]), { code: "MYCLOUD_BACKUP_NOT_FOUND" });
      assert.deepEqual(await filesOf(location), files);
    });

    test("empties directories whose tree is lost", async (t) => {
      if (!requireRestic(t)) return;
      const { location, repository } = await copyOf(site);
      const { id } = await largestPack(repository, "tree");
      await unlink(packPath(location, id));
      await repairIndex(repository);
      const { repaired } = await repairSnapshots(repository, { forget: true, nowMs: nowMs() });
      assert.ok(repaired.some(({ isLost, changeCount }) => isLost || changeCount > 0));
      assert.match(await restic(location, "check", "--read-data"), /no errors were found/);
    });
  });
});
