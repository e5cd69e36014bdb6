// Changes of a real tree (files of this machine's distribution), measured and judged as a run of the agent does: an upgrade stays quiet, encryption by
// openssl does not. The figures are in docs/how-to/prove-that-backups-work.md.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { before, describe, type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { backUp } from "@mycloud/backup/archiver";
import { openBackend } from "@mycloud/backup/backend";
import { byteString } from "@mycloud/backup/byte-string";
import { initRepository, type Repository } from "@mycloud/backup/repository";
import { type ChangeJudgement, judgeChange, type PastChange } from "@mycloud/checks/backup-change";
import { measureRun } from "../../agent/src/backup-job/engine/measure-run.ts";
import { temporaryDirectory } from "../support/index.ts";
import {
  copyRealFiles,
  encryptWithOpenssl,
  findRealFiles,
  listFiles,
  type RealFiles,
  shareOf,
  upgrade,
} from "../support/real-tree.ts";

const run = promisify(execFile);
/** More of them by `MYCLOUD_TEST_FAULTS=all`. */
const fileCount = process.env.MYCLOUD_TEST_FAULTS === "all" ? 5_000 : 500;
const dayMs = 86_400_000;

describe("a real tree changes", () => {
  let real: RealFiles;
  let original = "";
  let tree = "";
  let repository: Repository;
  /** By path in the tree: its file as openssl encrypted it. */
  let encrypted: ReadonlyMap<string, string>;
  /** What was measured of the changes that this host has had. */
  const past: PastChange[] = [];

  before(async () => {
    real = await findRealFiles(fileCount);
    assert.ok(real.chosen.length > fileCount / 2, `${real.chosen.length} files of a distribution`);
    const place = await temporaryDirectory("real-changes");
    [original, tree] = [join(place, "original"), join(place, "tree")];
    await mkdir(original);
    await copyRealFiles(real.chosen, original);
    await cp(original, tree, { recursive: true, preserveTimestamps: true });
    encrypted = await encryptWithOpenssl(shareOf(await listFiles(tree), 0.4), join(place, "encrypted"));
    repository = await initRepository(await openBackend(join(place, "repository")), {
      password: "real",
      kdf: { N: 1024, r: 1, p: 1 },
      now: Date.now,
    });
    await backUpTree();
  });

  async function backUpTree(): Promise<string> {
    const source = { kind: "paths", paths: [byteString(tree)] } as const;
    const { snapshotId } = await backUp(repository, { source, hostname: "web1", now: Date.now, threads: 2 });
    assert.ok(snapshotId !== null);
    return snapshotId;
  }

  /** Backs up what became of the tree, and judges it after the host's own past. */
  async function judgeRun(t: TestContext): Promise<ChangeJudgement> {
    const shape = await measureRun(repository, await backUpTree(), [], new AbortController().signal);
    assert.ok(shape !== null);
    const atMs = past.length * dayMs;
    const judged = judgeChange(shape, atMs, past);
    past.push({ atMs, shape });
    t.diagnostic(`score ${judged.score}: ${judged.output}`);
    return judged;
  }

  /** The tree as it was first. What attacked it is not part of the host's past: the freeze is released with the files back. */
  async function putBack(): Promise<void> {
    past.pop();
    await rm(tree, { recursive: true });
    await cp(original, tree, { recursive: true, preserveTimestamps: true });
    await backUpTree();
  }

  /** Two files in five, all at once or spread over so many runs. */
  const victims = (runs = 1, number = 0) => [...encrypted.keys()].filter((_, at) => at % runs === number);
  const bytesOf = async (path: string) => await readFile(encrypted.get(path) ?? "");

  test("an upgrade of packages that touches 40 % of the files stays quiet", async (t) => {
    await upgrade(shareOf(await listFiles(tree), 0.4), real.pool);
    const judged = await judgeRun(t);
    assert.deepEqual([judged.state, judged.score < 25], ["OK", true], judged.output);
    await putBack();
  });

  test("a reinstallation of everything, as between two releases of a distribution, stays quiet", async (t) => {
    await upgrade(await listFiles(tree), real.pool);
    const judged = await judgeRun(t);
    assert.deepEqual([judged.state, judged.score < 25], ["OK", true], judged.output);
    await putBack();
  });

  const ways = [
    { name: "in place", place: (path: string) => path },
    {
      name: "into new files with a further extension, the old ones deleted",
      place: (path: string) => `${path}.locked`,
    },
    {
      name: "into new files with names that say nothing, the old ones deleted",
      place: (path: string) => join(dirname(path), createHash("sha256").update(path).digest("hex").slice(0, 20)),
    },
  ];
  for (const { name, place } of ways) {
    test(`40 % encrypted by openssl ${name} is CRITICAL within one run`, async (t) => {
      for (const path of victims()) {
        const bytes = await bytesOf(path);
        if (place(path) !== path) await rm(path);
        await writeFile(place(path), bytes);
      }
      const judged = await judgeRun(t);
      assert.deepEqual([judged.state, judged.isAttack, judged.score > 500], ["CRITICAL", true, true], judged.output);
      await putBack();
    });
  }

  test("encrypted slowly, a tenth in each run, is CRITICAL in the first; a hundredth in each, by the fourth", async (t) => {
    for (const path of victims(4)) await writeFile(path, await bytesOf(path));
    const judged = await judgeRun(t);
    assert.deepEqual([judged.state, judged.score > 200], ["CRITICAL", true], judged.output);
    await putBack();
    const states: string[] = [];
    for (let number = 0; number < 4; number++) {
      for (const path of victims(40, number)) await writeFile(path, await bytesOf(path));
      states.push((await judgeRun(t)).state);
    }
    assert.deepEqual([states[0] === "CRITICAL", states[3]], [false, "CRITICAL"], states.join());
    past.splice(-3);
    await putBack();
  });

  test("somebody packs each file, or all of them into one archive: that is a WARNING at most", async (t) => {
    for (const path of await listFiles(tree)) {
      if (path.endsWith(".gz")) continue;
      await writeFile(`${path}.gz`, gzipSync(await readFile(path)));
      await rm(path);
    }
    const each = await judgeRun(t);
    assert.deepEqual([each.state, each.score < 25], ["OK", true], each.output);
    await putBack();

    await run("tar", ["-czf", join(tree, "all.tar.gz"), "-C", tree, ...(await readdir(tree))]);
    assert.ok((await stat(join(tree, "all.tar.gz"))).size > 0);
    for (const name of await readdir(tree)) if (name !== "all.tar.gz") await rm(join(tree, name), { recursive: true });
    const one = await judgeRun(t);
    assert.deepEqual([one.state, one.isAttack], ["WARNING", false], one.output);
    assert.match(one.output, /files are gone, and an archive of .* came/);
    await putBack();

    for (const name of await readdir(tree)) await rm(join(tree, name), { recursive: true });
    assert.equal((await judgeRun(t)).state, "CRITICAL", "without an archive");
    await putBack();
  });
});
