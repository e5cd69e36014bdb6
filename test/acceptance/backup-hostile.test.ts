// Whoever has the password can write any snapshot, and whoever can write to a directory can change it while root restores into it.
// Neither makes a restore touch anything outside the directory it was told.
import assert from "node:assert/strict";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { before, describe, test } from "node:test";
import { openBackend } from "@mycloud/backup/backend";
import { type Id, idOf } from "@mycloud/backup/blob";
import { initRepository, type Repository } from "@mycloud/backup/repository";
import { type RestoreSummary, restoreSnapshot } from "@mycloud/backup/restorer";
import { isRoot } from "../../backup/src/filesystem/testing.ts";
import {
  type ForgedNode,
  forgeBlobs,
  forgedDirectory,
  forgedFile,
  forgedSymlink,
  forgeTree,
  treeJson,
} from "../support/forge-snapshot.ts";
import { temporaryDirectory } from "../support/index.ts";
import { startSwapping } from "../support/swap.ts";

describe("a restore", () => {
  let root: string;
  let repository: Repository;
  let evil: Id;

  before(async () => {
    root = await temporaryDirectory("hostile");
    repository = await initRepository(await openBackend(`${root}/repository`), {
      password: "x",
      kdf: { N: 2 ** 10, r: 8, p: 1 },
      now: Date.now,
    });
    await repository.loadIndex();
    [evil = ""] = await forgeBlobs(repository, "data", ["evil"]);
  });

  /** A directory with something in it that nobody may touch, and beside it the target. */
  function place(): { readonly target: string; readonly victim: string; assertUntouched(): void } {
    const base = mkdtempSync(`${root}/place-`);
    const [target, victim] = [`${base}/target`, `${base}/victim`];
    mkdirSync(target);
    mkdirSync(victim, { mode: 0o755 });
    writeFileSync(`${victim}/file`, "precious", { mode: 0o600 });
    const before = statSync(`${victim}/file`);
    return {
      target,
      victim,
      assertUntouched: () => {
        assert.deepEqual(readdirSync(base).sort(), ["target", "victim"]);
        assert.deepEqual(readdirSync(victim), ["file"]);
        assert.equal(readFileSync(`${victim}/file`, "utf8"), "precious");
        const after = statSync(`${victim}/file`);
        assert.deepEqual([after.mode, after.uid, after.mtimeMs], [before.mode, before.uid, before.mtimeMs]);
        assert.equal(statSync(victim).mode & 0o777, 0o755);
      },
    };
  }

  async function restore(nodes: readonly ForgedNode[], target: string, options = {}): Promise<RestoreSummary | Error> {
    const tree = await forgeTree(repository, nodes);
    return restoreSnapshot(repository, { snapshot: { tree, paths: ["/"] }, target, ...options }).catch(
      (error) => error,
    );
  }

  function assertRefused(outcome: RestoreSummary | Error): void {
    if (outcome instanceof Error) assert.match(outcome.message, /tree|name|damaged/i);
    else assert.ok(outcome.errors > 0 && !outcome.isComplete, JSON.stringify(outcome));
  }

  test("refuses names that lead out of their directory", async () => {
    const { target, victim, assertUntouched } = place();
    const inside = await forgeTree(repository, [forgedFile("file", [evil], 4)]);
    for (const name of [
      "..",
      ".",
      "",
      "../victim",
      "../victim/file",
      `${victim}/file`,
      "a/../../victim/file",
      "nul\0",
      "/",
    ]) {
      assertRefused(await restore([forgedFile(name, [evil], 4)], target));
      assertRefused(await restore([forgedDirectory(name, inside)], target));
      assertRefused(await restore([forgedSymlink(name, victim)], target));
    }
    assertUntouched();
    assert.deepEqual(readdirSync(target), []);
  });

  test("writes through no link of the snapshot itself", async () => {
    const { target, victim, assertUntouched } = place();
    const inside = await forgeTree(repository, [forgedFile("file", [evil], 4)]);
    // The same name twice: a link to the victim, then a directory whose file would land there.
    assertRefused(await restore([forgedSymlink("x", victim), forgedDirectory("x", inside)], target));
    assertRefused(await restore([forgedSymlink("y", `${victim}/file`), forgedFile("y", [evil], 4)], target));
    assertUntouched();
  });

  test("writes through no link that lies in the target already", async () => {
    const { target, victim, assertUntouched } = place();
    symlinkSync(victim, `${target}/directory`);
    symlinkSync(`${victim}/file`, `${target}/file`);
    symlinkSync(`${victim}/new`, `${target}/new`);
    const inside = await forgeTree(repository, [forgedFile("file", [evil], 4)]);
    for (const overwrite of ["never", "if-newer", "if-changed", "always"] as const) {
      const outcome = await restore(
        [forgedDirectory("directory", inside), forgedFile("file", [evil], 4), forgedFile("new", [evil], 4)],
        target,
        { overwrite, isDeleting: true },
      );
      assert.ok(!(outcome instanceof Error), String(outcome));
      assertUntouched();
    }
    assert.equal(readFileSync(`${target}/file`, "utf8"), "evil");
    assert.equal(readFileSync(`${target}/directory/file`, "utf8"), "evil");
  });

  test("is not led astray by links put in its way while it runs", { skip: !isRoot, timeout: 300_000 }, async () => {
    const { target, victim, assertUntouched } = place();
    const files = Array.from({ length: 15 }, (_, index) => forgedFile(`file-${index}`, [evil], 4)).sort(byName);
    const inner = await forgeTree(repository, files);
    const middle = await forgeTree(repository, [forgedDirectory("inner", inner)]);
    const nodes = Array.from({ length: 10 }, (_, index) => forgedDirectory(`directory-${index}`, middle)).sort(byName);
    // Somebody who owns the target, and may not write to the victim.
    const nobody = 65534;
    chownSync(target, nobody, nobody);
    chmodSync(root, 0o755);
    chmodSync(dirname(target), 0o755);
    const swapping = await startSwapping(target, victim, nobody);
    for (let round = 0; round < 6; round++) {
      const outcome = await restore(nodes, target, { isDeleting: round % 2 === 1 });
      // What was in its way may be said; the victim stays as it is all the same.
      assert.ok(!(outcome instanceof Error) || /replaced|E[A-Z]+/.test(outcome.message), String(outcome));
    }
    const swaps = await swapping.stop();
    assert.ok(swaps > 0, `${swaps} swaps`);
    assertUntouched();
  });

  test("names what a snapshot promises and does not hold", async () => {
    const { target, assertUntouched } = place();
    const missing = "0".repeat(64);
    for (const nodes of [
      [forgedFile("missing", [missing], 4)],
      [forgedDirectory("no-tree", missing)],
      [{ ...forgedFile("strange", [evil], 4), type: "portal" }],
    ]) {
      assertRefused(await restore(nodes, target));
    }
    assertUntouched();
    // A size that its content does not have is nobody's: the content counts.
    await restore([forgedFile("size", [evil], 1_000_000_000_000)], target);
    assert.equal(readFileSync(`${target}/size`, "utf8"), "evil");
  });

  test("takes trees far deeper than the paths the system takes", async () => {
    const { target, assertUntouched } = place();
    const depth = 2000;
    const trees = [treeJson([forgedFile("bottom", [evil], 4)])];
    for (let level = 1; level < depth; level++)
      trees.push(treeJson([forgedDirectory("d", idOf(Buffer.from(trees.at(-1) ?? "")))]));
    const tree = (await forgeBlobs(repository, "tree", trees)).at(-1) ?? "";
    const outcome = await restore([forgedDirectory("d", tree)], target);
    assert.ok(!(outcome instanceof Error), String(outcome));
    assert.deepEqual(outcome.errorItems, []);
    assert.equal(outcome.dirsTotal, depth);
    assertUntouched();
    assert.ok(existsSync(`${target}/${"d/".repeat(1000)}`));
  });
});

function byName(one: ForgedNode, other: ForgedNode): number {
  return one.name < other.name ? -1 : 1;
}
