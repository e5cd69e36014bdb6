// A tree of everything that is hard to carry goes into a repository and comes back: the same to other programs than ours, readable for
// restic, honest about what could not be read, and never led astray by a snapshot that somebody forged.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, lutimesSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { backUp } from "@mycloud/backup/archiver";
import { openBackend } from "@mycloud/backup/backend";
import { byteString } from "@mycloud/backup/byte-string";
import { initRepository, type Repository } from "@mycloud/backup/repository";
import { restoreSnapshot } from "@mycloud/backup/restorer";
import { isRoot } from "../../backup/src/filesystem/testing.ts";
import { requirePeer } from "../peers/peer.ts";
import { compareTrees } from "../support/compare-trees.ts";
import { repositoryRoot, temporaryDirectory } from "../support/index.ts";
import { buildNastyTree } from "../support/nasty-tree.ts";

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

describe("a nasty tree", () => {
  let root: string;
  let tree: string;
  let restored: string;
  let repository: Repository;
  let summary: Awaited<ReturnType<typeof backUp>>;

  before(async () => {
    root = await temporaryDirectory("nasty");
    tree = `${root}/tree`;
    mkdirSync(tree);
    await buildNastyTree(tree, { hugeDirectorySize: 1500, asRoot: isRoot });
    repository = await makeRepository(`${root}/repository`);
    summary = await back();
    restored = `${root}/restored`;
  });
  after(() => repository.close());

  function back() {
    return backUp(repository, {
      source: { kind: "paths", paths: [byteString(tree)] },
      hostname: "nasty.example.org",
      now: Date.now,
    });
  }

  test("is backed up whole, and its sockets are said", () => {
    assert.deepEqual(summary.itemErrors, []);
    assert.equal(summary.isIncomplete, false);
    assert.equal(summary.sockets, 1);
  });

  test("comes back the same in all that other programs see", async () => {
    const done = await restoreSnapshot(repository, {
      snapshot: { tree: summary.treeId, paths: [tree] },
      target: restored,
    });
    assert.deepEqual(done.errorItems, []);
    assert.deepEqual(
      done.notices.map(({ kind }) => kind),
      ["socket"],
    );
    const { differences, blocks, entries } = compareTrees(tree, restored + tree);
    assert.ok(entries > 2000, `${entries} entries`);
    const expected = differences.filter((line) => line.startsWith("special/socket-left: s "));
    assert.deepEqual(differences, expected);
    assert.equal(expected.length, 1);
    assert.ok(blocks[1] <= blocks[0] * 1.1 + 1000, `holes stay holes: ${blocks.join(" became ")} blocks`);
  });

  test("is not read again while nothing changes", async () => {
    const again = await back();
    assert.ok(again.figures.files_unmodified > 1500);
    assert.equal(again.figures.files_new + again.figures.files_changed, 0);
    assert.equal(again.figures.data_blobs, 0);
  });

  test("is whole to restic", (t) => {
    if (!requirePeer(t, "/usr/bin/restic", "restic")) return;
    assert.match(restic(`${root}/repository`, "check", "--read-data"), /no errors were found/);
    const listed = restic(`${root}/repository`, "ls", "--json", "latest").split("\n");
    assert.ok(listed.length > 2000, `${listed.length} lines`);
  });

  test("shows each difference that is planted in the copy", async () => {
    const copy = restored + tree;
    const planted: [string, () => void][] = [
      ["links/small-2", () => replace(`${copy}/links/small-2`, "hard")],
      ["names/.hidden", () => writeFileSync(`${copy}/names/.hidden`, "FILE 0")],
      [
        "data/hole-only",
        () =>
          execFileSync("dd", [
            "if=/dev/urandom",
            `of=${copy}/data/hole-only`,
            "bs=1",
            "count=1",
            "seek=1000",
            "conv=notrunc",
            "status=none",
          ]),
      ],
      ["times/link-epoch", () => lutimesSync(`${copy}/times/link-epoch`, 1, 1)],
      ["attributes/user", () => execFileSync("setfattr", ["-x", "user.empty", `${copy}/attributes/user`])],
      ["attributes/nodump", () => execFileSync("chattr", ["-d", `${copy}/attributes/nodump`])],
      ["modes/file-0644", () => chmodSync(`${copy}/modes/file-0644`, 0o645)],
      ["shapes/huge/entry-7", () => rmSync(`${copy}/shapes/huge/entry-7`)],
    ];
    for (const [, plant] of planted) plant();
    const { differences } = compareTrees(tree, copy);
    for (const [path] of planted) {
      assert.ok(
        differences.some((line) => line.includes(path)),
        `${path} is not in ${differences.join("\n")}`,
      );
    }
  });

  test("is made the same again in place, and what is strange to it is removed", async () => {
    const copy = restored + tree;
    writeFileSync(`${copy}/names/strange`, "x");
    mkdirSync(`${copy}/strange/directory`, { recursive: true });
    renameSync(`${copy}/links/up`, `${copy}/links/moved`);
    rmSync(`${copy}/data/one-byte`);
    mkdirSync(`${copy}/data/one-byte`);
    if (isRoot) chownSync(`${copy}/data/empty`, 7, 7);
    const done = await restoreSnapshot(repository, {
      snapshot: { tree: summary.treeId, paths: [tree] },
      target: restored,
      isDeleting: true,
    });
    assert.deepEqual(done.errorItems, []);
    const { differences } = compareTrees(tree, copy);
    assert.deepEqual(
      differences.filter((line) => !line.startsWith("special/socket-left: s ")),
      [],
    );
    assert.deepEqual(readdirSync(copy).sort(), readdirSync(tree).sort());
  });
});

describe("without root", () => {
  const nobody = 65534;

  test("what may not be read is named, the exit code says so, and the rest comes back", { skip: !isRoot }, async () => {
    const root = await temporaryDirectory("unprivileged");
    chmodSync(root, 0o755);
    const tree = `${root}/tree`;
    mkdirSync(tree);
    await buildNastyTree(tree, { hugeDirectorySize: 100, asRoot: false });
    rmSync(`${tree}/attributes/listed-directory`, { recursive: true });
    execFileSync("chown", ["--recursive", "--no-dereference", `${nobody}:${nobody}`, tree]);
    const touch = () => execFileSync("touch", ["--date=2020-02-02", tree]);
    mkdirSync(`${tree}/secret`, { mode: 0o700 });
    writeFileSync(`${tree}/secret/inside`, "x");
    writeFileSync(`${tree}/private`, "x", { mode: 0o600 });
    writeFileSync(`${root}/password`, password);
    mkdirSync(`${root}/home`);
    touch();
    chownSync(`${root}/home`, nobody, nobody);

    const mycloud = (...args: readonly string[]) => {
      const options = ["--repo", `${root}/home/repository`, "--password-file", `${root}/password`];
      return spawnSync(`${repositoryRoot}/bin/mycloud`, ["repo", ...args, ...options], {
        uid: nobody,
        gid: nobody,
        cwd: "/",
        env: { PATH: process.env.PATH, HOME: `${root}/home` },
        encoding: "utf8",
      });
    };
    assert.equal(mycloud("init").status, 0);
    const backup = mycloud("backup", tree);
    assert.equal(backup.status, 3, backup.stderr);
    assert.match(backup.stderr, new RegExp(`${tree}/secret: .*EACCES`));
    assert.match(backup.stderr, new RegExp(`${tree}/private: .*EACCES`));
    assert.match(backup.stderr, /2 entries could not be read/);
    const restore = mycloud("restore", "latest", "--to", `${root}/home/restored`);
    assert.equal(restore.status, 0, restore.stderr);

    rmSync(`${tree}/private`);
    rmSync(`${tree}/secret/inside`);
    touch();
    const { differences } = compareTrees(tree, `${root}/home/restored${tree}`);
    const expected = ["special/socket-left: s ", "secret: d 700 0:0 "];
    assert.deepEqual(
      differences.filter((line) => !expected.some((start) => line.startsWith(start))),
      [],
    );
  });
});

/** The same content and metadata, but no hard link any more. */
function replace(path: string, content: string): void {
  writeFileSync(`${path}.new`, content);
  execFileSync("touch", ["-r", path, `${path}.new`]);
  renameSync(`${path}.new`, path);
}
