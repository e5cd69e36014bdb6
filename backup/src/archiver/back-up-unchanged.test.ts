import assert from "node:assert/strict";
import { chmodSync, linkSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { byteString } from "../byte-string/index.ts";
import { lookAhead } from "./look-ahead.ts";
import { type BackupPlace, inBackupPlace } from "./testing/backup-place.ts";

function makeTree(source: string): void {
  mkdirSync(join(source, "a/b/c"), { recursive: true });
  mkdirSync(join(source, "z"));
  for (let i = 0; i < 20; i++) writeFileSync(join(source, `a/b/file ${i}`), `content ${i}`);
  writeFileSync(join(source, "a/empty"), "");
  writeFileSync(join(source, "a/b/c/deep"), "deep");
  writeFileSync(join(source, "a/näme"), "beyond ASCII");
  writeFileSync(join(source, 'a/odd "\n'), "escapes");
  symlinkSync("b/c", join(source, "a/link"));
  linkSync(join(source, "a/b/c/deep"), join(source, "z/hard"));
}

/** What the directories above the source look like: others make and remove things in the temporary directory at any time. */
const stateAbove = (): string => {
  const { mtimeNs, ctimeNs } = statSync(tmpdir(), { bigint: true });
  return `${mtimeNs} ${ctimeNs}`;
};

/** Who hears of every entry gets the slow way, which compares nodes: both must come to the same. */
async function backBothWays({ source, back }: BackupPlace, parentId: string) {
  const paths = { kind: "paths", paths: [byteString(source)] } as const;
  const options = { parent: { kind: "snapshot", id: parentId } } as const;
  for (let attempt = 1; ; attempt++) {
    const above = stateAbove();
    const ahead = lookAhead({ source: paths });
    await sleep(20);
    const quick = await back({ ...options, lookAhead: ahead, isDryRun: true });
    const without = await back({ ...options, isDryRun: true });
    const slow = await back({ ...options, onItem: () => {} });
    if (stateAbove() !== above && attempt < 100) continue;
    assert.equal(quick.treeId, slow.treeId);
    assert.equal(without.treeId, slow.treeId);
    for (const name of ["files_unmodified", "dirs_unmodified", "dirs_changed", "total_bytes_processed"] as const) {
      assert.equal(quick.figures[name], slow.figures[name], name);
    }
    assert.equal(
      quick.figures.files_changed + quick.figures.files_new,
      slow.figures.files_changed + slow.figures.files_new,
    );
    return slow;
  }
}

test("what is compared as text comes to the same as what is compared as nodes, whatever changed", async () => {
  await inBackupPlace(async (place) => {
    const { source, back, read } = place;
    makeTree(source);
    const first = await back();
    const unchanged = await backBothWays(place, first.snapshotId ?? "");
    assert.equal(unchanged.figures.files_unmodified, 25);
    assert.equal(unchanged.figures.files_changed + unchanged.figures.files_new, 0);
    const changes: (() => void)[] = [
      () => writeFileSync(join(source, "a/b/c/deep"), "other"),
      () => writeFileSync(join(source, "a/b/file 7"), "CONTENT 7"),
      () => chmodSync(join(source, "a/b/file 8"), 0o600),
      () => renameSync(join(source, "a/b/file 9"), join(source, "a/b/file 99")),
      () => {
        rmSync(join(source, "a/link"));
        symlinkSync("b/d", join(source, "a/link"));
      },
      () => {
        rmSync(join(source, "a/b/c"), { recursive: true });
        writeFileSync(join(source, "a/b/c"), "a file now");
      },
      () => {
        rmSync(join(source, "z/hard"));
        mkdirSync(join(source, "z/hard"));
      },
      () => rmSync(join(source, "a/b"), { recursive: true }),
    ];
    let last = unchanged;
    for (const change of changes) {
      change();
      const summary = await backBothWays(place, last.snapshotId ?? "");
      assert.notDeepEqual(await read(summary.treeId), await read(last.treeId));
      last = summary;
    }
  });
});

test("a file that went after it was seen is no fault", async () => {
  await inBackupPlace(async ({ source, back, read }) => {
    makeTree(source);
    await back();
    const ahead = lookAhead({ source: { kind: "paths", paths: [byteString(source)] } });
    await sleep(50);
    rmSync(join(source, "a/b/file 3"));
    writeFileSync(join(source, "a/b/new"), "new");
    const summary = await back({ lookAhead: ahead });
    assert.deepEqual([summary.isIncomplete, summary.errorCount, summary.figures.files_new], [false, 0, 1]);
    const entries = await read(summary.treeId);
    assert.deepEqual([entries.has("a/b/file 3"), entries.get("a/b/new")?.content], [false, "new"]);
  });
});
