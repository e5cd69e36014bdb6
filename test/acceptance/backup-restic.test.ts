// One repository, two programs: what restic writes we read, and what we write restic reads, in turn and at once.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { openLocalBackend } from "@mycloud/backup/backend/local";
import { withLock } from "@mycloud/backup/lock";
import { openRepository } from "@mycloud/backup/repository";
import { requireRestic, runRestic } from "../peers/restic.ts";
import { makeKeyCheap } from "../support/cheap-repository.ts";
import { compareTrees } from "../support/compare-trees.ts";
import { makePlainTree, runRepo, type TestRepository, temporaryDirectory, waitFor } from "../support/index.ts";

const root = await temporaryDirectory("backup-restic");
const tree = join(root, "tree");
let repositories = 0;

function newRepository(): TestRepository {
  return { location: join(root, `repository-${++repositories}`), password: "two programs" };
}

async function ours(repository: TestRepository, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runRepo(repository, args);
  assert.equal(code, 0, `mycloud repo ${args.join(" ")}\n${stderr}${stdout}`);
  return stdout;
}

async function theirs(repository: TestRepository, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runRestic(repository, args);
  assert.equal(code, 0, `restic ${args.join(" ")}\n${stderr}${stdout}`);
  return stdout;
}

interface ListedSnapshot {
  readonly id: string;
  readonly tree: string;
  readonly paths: string[];
  readonly hostname: string;
}

const ids = (json: string) => (JSON.parse(json) as ListedSnapshot[]).map(({ id }) => id).sort();

/** The `summary` of a backup's NDJSON. */
function summaryOf(stdout: string): Record<string, number | string> {
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, number | string>);
  const summary = lines.find((line) => line.message_type === "summary");
  assert.ok(summary, stdout);
  return summary;
}

async function assertWhole(repository: TestRepository): Promise<void> {
  assert.match(await theirs(repository, "check", "--read-data"), /no errors were found/);
  assert.match(await ours(repository, "verify", "--read-data"), /no error was found/);
}

async function assertRestoresAs(
  restore: (target: string) => Promise<unknown>,
  expected: string,
  name: string,
): Promise<void> {
  const target = join(root, name);
  await restore(target);
  assert.deepEqual(compareTrees(expected, join(target, expected)).differences, []);
  await rm(target, { recursive: true });
}

before(() => makePlainTree(tree));

describe("what we write", { concurrency: false }, () => {
  const repository = newRepository();
  const changing = join(root, "changing");

  test("restic checks, lists, finds, counts and restores", async (t) => {
    if (!requireRestic(t)) return;
    await makePlainTree(changing);
    await ours(repository, "init");
    await makeKeyCheap(repository);
    await ours(repository, "backup", "--tag", "first", changing);
    await appendFile(join(changing, "text.log"), "one line more\n");
    await writeFile(join(changing, "new.txt"), "new");
    await ours(repository, "backup", "--tag", "second", "--host", "elsewhere", changing);
    await assertWhole(repository);
    assert.deepEqual(
      ids(await theirs(repository, "snapshots", "--json")),
      ids(await ours(repository, "snapshots", "--json")),
    );
    const restic = (await theirs(repository, "ls", "latest"))
      .trim()
      .split("\n")
      .filter((line) => line.startsWith("/"));
    const own = (await ours(repository, "ls", "latest")).trim().split("\n");
    assert.deepEqual(own.sort(), restic.sort());
    assert.match(await theirs(repository, "find", "new.txt"), /new\.txt/);
    const [resticStats, ownStats] = [
      JSON.parse((await theirs(repository, "stats", "--json")).trim().split("\n").at(-1) ?? ""),
      JSON.parse(await ours(repository, "stats", "--json")),
    ];
    assert.equal(ownStats.total_size, resticStats.total_size);
    await assertRestoresAs(
      (target) => theirs(repository, "restore", "latest", "--target", target),
      changing,
      "by-restic",
    );
  });

  test("restic forgets and prunes, and it is whole for both afterwards", async (t) => {
    if (!requireRestic(t)) return;
    await theirs(repository, "forget", "--tag", "first", "--keep-last", "1", "--group-by", "", "--prune");
    await theirs(repository, "forget", "--tag", "first", "--keep-tag", "none", "--prune", "--keep-last", "1");
    await assertWhole(repository);
    await assertRestoresAs((target) => ours(repository, "restore", "latest", "--to", target), changing, "by-us");
  });
});

describe("what restic writes", { concurrency: false }, () => {
  const repository = newRepository();
  const changing = join(root, "changing-too");

  test("we list, restore and verify", async (t) => {
    if (!requireRestic(t)) return;
    await makePlainTree(changing);
    await theirs(repository, "init");
    await makeKeyCheap(repository);
    await theirs(repository, "backup", "--tag", "first", changing);
    await rm(join(changing, "noise.bin"));
    await rm(join(changing, "noise-again.bin"));
    await theirs(repository, "backup", "--tag", "second", changing);
    assert.deepEqual(
      ids(await ours(repository, "snapshots", "--json")),
      ids(await theirs(repository, "snapshots", "--json")),
    );
    await assertWhole(repository);
    await assertRestoresAs((target) => ours(repository, "restore", "latest", "--to", target), changing, "theirs-by-us");
    const diff = await ours(repository, "diff", ...(await orderedIds(repository)));
    assert.match(diff, /^- +\S+noise\.bin$/m);
  });

  test("we forget and prune, and it is whole for both afterwards and smaller", async (t) => {
    if (!requireRestic(t)) return;
    const before = await sizeOf(repository);
    await ours(repository, "forget", "--keep-last", "1", "--prune", "--max-unused", "0%");
    assert.ok((await sizeOf(repository)) < before - 8_000_000, "the noise that only the first snapshot had is gone");
    await assertWhole(repository);
    await assertRestoresAs((target) => theirs(repository, "restore", "latest", "--target", target), changing, "pruned");
  });
});

async function orderedIds(repository: TestRepository): Promise<string[]> {
  return (JSON.parse(await ours(repository, "snapshots", "--json")) as ListedSnapshot[]).map(({ id }) => id);
}

async function sizeOf({ location }: TestRepository): Promise<number> {
  const { stat } = await import("node:fs/promises");
  const names = await readdir(join(location, "data"), { recursive: true });
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(location, "data", name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

describe("both on one repository", () => {
  test("in turn, each goes on from the other's snapshot and reads no file again", async (t) => {
    if (!requireRestic(t)) return;
    const repository = newRepository();
    await theirs(repository, "init");
    await makeKeyCheap(repository);
    await theirs(repository, "backup", tree);
    const own = summaryOf(await ours(repository, "backup", "--json", tree));
    assert.deepEqual([own.files_new, own.files_changed], [0, 0]);
    assert.ok(Number(own.files_unmodified) > 60);
    const restic = summaryOf(await theirs(repository, "backup", "--json", tree));
    assert.deepEqual([restic.files_new, restic.files_changed], [0, 0]);
    assert.equal(restic.files_unmodified, own.files_unmodified);
    await assertWhole(repository);
  });

  test("at once, every backup becomes a snapshot", async (t) => {
    if (!requireRestic(t)) return;
    const repository = newRepository();
    await ours(repository, "init");
    await makeKeyCheap(repository);
    const others = join(root, "others");
    await mkdir(others);
    await writeFile(join(others, "file"), "x".repeat(100_000));
    await Promise.all([
      ours(repository, "backup", tree),
      theirs(repository, "backup", tree),
      ours(repository, "backup", others),
      theirs(repository, "backup", others),
    ]);
    assert.equal((await orderedIds(repository)).length, 4);
    await assertWhole(repository);
  });

  test("a lock of one keeps the other from what it excludes", async (t) => {
    if (!requireRestic(t)) return;
    const repository = newRepository();
    await ours(repository, "init");
    await makeKeyCheap(repository);
    const opened = await openRepository(openLocalBackend(repository.location), repository.password, {
      cacheDirectory: null,
      now: Date.now,
    });
    await withLock(opened, { isExclusive: true }, async () => {
      const refused = await runRestic(repository, ["backup", tree]);
      assert.notEqual(refused.code, 0);
      assert.match(refused.stderr, /already locked exclusively/);
      const own = await runRepo(repository, ["backup", tree]);
      assert.equal(own.code, 11, own.stderr);
      assert.match(own.stderr, /lock/);
    });
    await opened.close();

    // restic backs up for as long as its standard input is open, and has a shared lock meanwhile.
    const child = spawn("/usr/bin/restic", ["-r", repository.location, "--no-cache", "backup", "--stdin"], {
      env: { ...process.env, RESTIC_PASSWORD: repository.password },
      stdio: ["pipe", "ignore", "ignore"],
    });
    t.after(() => child.kill("SIGKILL"));
    await waitFor(async () => (await readdir(join(repository.location, "locks"))).length > 0, 20_000, "restic's lock");
    const pruned = await runRepo(repository, ["prune"]);
    assert.equal(pruned.code, 11, pruned.stderr);
    assert.equal((await runRepo(repository, ["backup", join(tree, "etc")])).code, 0);
    child.stdin.end("done");
    await once(child, "exit");
    await ours(repository, "prune");
  });

  test("a key that one adds opens it for both, and a removed one for none", async (t) => {
    if (!requireRestic(t)) return;
    const repository = newRepository();
    const [second, third] = [join(root, "second-password"), join(root, "third-password")];
    await writeFile(second, "  added by us\n");
    await writeFile(third, "added by restic\n");
    await theirs(repository, "init");
    await ours(repository, "key", "add", "--new-password-file", second, "--user", "ann", "--host", "office");
    const withSecond = { ...repository, password: "added by us" };
    assert.match(await theirs(withSecond, "key", "list"), /ann/);
    await theirs(withSecond, "key", "add", "--new-password-file", third);
    const withThird = { ...repository, password: "added by restic" };
    const keys = JSON.parse(await ours(withThird, "key", "list", "--json")) as { id: string; userName: string }[];
    assert.equal(keys.length, 3);
    const ann = keys.find(({ userName }) => userName === "ann");
    assert.ok(ann);
    await ours(withThird, "key", "remove", ann.id.slice(0, 10));
    assert.equal((await runRepo(withSecond, ["snapshots"])).code, 12);
    assert.notEqual((await runRestic(withSecond, ["snapshots"])).code, 0);
    await ours(withThird, "key", "passwd", "--new-password-file", second);
    await theirs(withSecond, "snapshots");
    assert.equal((await runRepo(withThird, ["snapshots"])).code, 12);
  });

  test("a repository of version 1 is read, written and pruned", async (t) => {
    if (!requireRestic(t)) return;
    const repository = newRepository();
    await theirs(repository, "init", "--repository-version", "1");
    await makeKeyCheap(repository);
    await theirs(repository, "backup", join(tree, "etc"));
    await ours(repository, "backup", tree);
    await assertWhole(repository);
    await ours(repository, "forget", "--keep-last", "1", "--group-by", "", "--prune");
    await assertWhole(repository);
    await assertRestoresAs((target) => theirs(repository, "restore", "latest", "--target", target), tree, "version-1");
  });

  test("uncompressed blobs and compressed ones live side by side", async (t) => {
    if (!requireRestic(t)) return;
    const repository = newRepository();
    await ours(repository, "init");
    await makeKeyCheap(repository);
    await theirs(repository, "backup", "--compression", "off", join(tree, "etc"));
    await ours(repository, "backup", "--compression", "max", tree);
    await assertWhole(repository);
  });
});
