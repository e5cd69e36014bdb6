import assert from "node:assert/strict";
import {
  appendFileSync,
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { byteString } from "../byte-string/index.ts";
import { InputError } from "../error/index.ts";
import { listSnapshots } from "../snapshot/index.ts";
import { CommandFailedError } from "./command-output.ts";
import { inBackupPlace } from "./testing/backup-place.ts";

function randomBytes(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed + 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[i] = state >>> 16;
  }
  return bytes;
}

test("everything in a directory is in the snapshot, as it is", async () => {
  await inBackupPlace(async ({ source, back, read, repository }) => {
    mkdirSync(join(source, "a/b"), { recursive: true });
    writeFileSync(join(source, "a/small"), "small");
    writeFileSync(join(source, "a/empty"), "");
    writeFileSync(join(source, "a/b/large.img"), randomBytes(9 * 1024 * 1024, 1));
    writeFileSync(join(source, "a/huge"), randomBytes(40 * 1024 * 1024, 2));
    symlinkSync("a/small", join(source, "link"));
    linkSync(join(source, "a/small"), join(source, "hard"));
    writeFileSync(Buffer.from(join(source, "odd\xff\n"), "latin1"), "odd");
    const summary = await back({ tags: ["t"] });
    assert.equal(summary.isIncomplete, false);
    assert.equal(summary.figures.files_new, 6);
    const entries = await read(summary.treeId);
    assert.deepEqual(
      [...entries.keys()].sort(),
      ["a", "a/b", "a/b/large.img", "a/empty", "a/huge", "a/small", "hard", "link", "odd\xff\n"].sort(),
    );
    for (const path of ["a/small", "a/empty", "a/b/large.img", "a/huge", "hard"]) {
      assert.ok(entries.get(path)?.content === readFileSync(join(source, path), "latin1"), path);
    }
    assert.equal(entries.get("link")?.node.linkTarget, "a/small");
    assert.ok((entries.get("a/b/large.img")?.node.content?.length ?? 0) > 40, "a disk image is cut small");
    assert.ok((entries.get("a/huge")?.node.content?.length ?? 0) < 40);
    const stat = lstatSync(join(source, "a/small"), { bigint: true });
    assert.equal(entries.get("a/small")?.node.inode, String(stat.ino));
    assert.equal(entries.get("a/small")?.node.links, 2);
    const [snapshot] = await listSnapshots(repository);
    assert.deepEqual(snapshot?.paths, [source]);
    assert.deepEqual(snapshot?.tags, ["t"]);
    assert.equal(snapshot?.summary?.total_files_processed, 6);
  });
});

test("a second backup of the same reads and adds nothing, and its tree is the same", async () => {
  await inBackupPlace(async ({ source, back: backPaths }) => {
    for (let i = 0; i < 100; i++) writeFileSync(join(source, `f${i}`), `content ${i}`);
    // Relative: the directories above are others' too, and change.
    const before = process.cwd();
    after(() => process.chdir(before));
    process.chdir(source);
    const back: typeof backPaths = (options) =>
      backPaths({ source: { kind: "paths", paths: [byteString(".")] }, ...options });
    const first = await back();
    const second = await back();
    assert.equal(second.treeId, first.treeId);
    assert.equal(second.parentId, first.snapshotId);
    assert.equal(second.figures.data_added, 0);
    assert.deepEqual([second.figures.files_unmodified, second.figures.files_new], [100, 0]);
    assert.equal((await back({ skipIfUnchanged: true })).snapshotId, null);
    const forced = await back({ parent: { kind: "none" } });
    assert.deepEqual([forced.figures.files_new, forced.figures.data_added, forced.treeId], [100, 0, first.treeId]);
  });
});

test("what changed is read again, and only that", async () => {
  await inBackupPlace(async ({ source, back, read }) => {
    for (const name of ["same", "grown", "touched", "renamed", "gone", "mode"]) writeFileSync(join(source, name), name);
    await back();
    appendFileSync(join(source, "grown"), "!");
    utimesSync(join(source, "touched"), 1, 1);
    renameSync(join(source, "renamed"), join(source, "other"));
    rmSync(join(source, "gone"));
    chmodSync(join(source, "mode"), 0o600);
    const second = await back();
    assert.deepEqual(
      [second.figures.files_unmodified, second.figures.files_changed, second.figures.files_new],
      [1, 3, 1],
    );
    const entries = await read(second.treeId);
    assert.equal(entries.get("grown")?.content, "grown!");
    assert.equal(entries.get("mode")?.node.mode, 0o600);
    assert.equal(entries.get("touched")?.node.mtime, "1970-01-01T00:00:01Z");
    assert.equal(entries.has("gone"), false);
  });
});

test("with --ignore-ctime a changed mode is recorded without reading the file", async () => {
  await inBackupPlace(async ({ source, back, read }) => {
    writeFileSync(join(source, "file"), "content");
    await back();
    chmodSync(join(source, "file"), 0o400);
    const second = await back({ ignoreCtime: true });
    assert.equal(second.figures.files_unmodified, 1);
    assert.equal((await read(second.treeId)).get("file")?.node.mode, 0o400);
  });
});

test("a dry run counts and writes nothing", async () => {
  await inBackupPlace(async ({ source, back, repository }) => {
    writeFileSync(join(source, "file"), randomBytes(3_000_000, 3));
    const summary = await back({ isDryRun: true });
    assert.equal(summary.snapshotId, null);
    assert.ok(summary.figures.data_added >= 3_000_000);
    for (const type of ["data", "index", "snapshots", "locks"] as const) {
      assert.deepEqual(await repository.backend.list(type), [], type);
    }
    assert.equal((await back()).figures.files_new, 1);
  });
});

test("excluded entries are left out and counted, and a named target is taken all the same", async () => {
  await inBackupPlace(async ({ source, back, read }) => {
    for (const directory of ["cache", "marked", "kept"]) mkdirSync(join(source, directory));
    writeFileSync(join(source, "cache/CACHEDIR.TAG"), "Signature: 8a477f597d28d172789f06886806bc55\n");
    writeFileSync(join(source, "cache/x"), "x");
    writeFileSync(join(source, "marked/.nobackup"), "");
    writeFileSync(join(source, "marked/x"), "x");
    writeFileSync(join(source, "kept/a.o"), "x");
    writeFileSync(join(source, "kept/a.c"), "x");
    writeFileSync(join(source, "kept/big"), "x".repeat(2000));
    const summary = await back({
      exclude: {
        patterns: [byteString("*.o")],
        caches: true,
        ifPresent: [byteString(".nobackup")],
        largerThanBytes: 1000,
      },
    });
    const expected = ["cache", "cache/CACHEDIR.TAG", "kept", "kept/a.c", "marked", "marked/.nobackup"];
    assert.deepEqual([...(await read(summary.treeId)).keys()].sort(), expected);
    assert.equal(summary.excludedItems, 4);
    assert.equal(summary.isIncomplete, false);
    const paths = [byteString(join(source, "kept/a.o"))];
    const named = await back({ source: { kind: "paths", paths }, exclude: { patterns: [byteString("*.o")] } });
    assert.ok((await read(named.treeId)).has("kept/a.o"));
    await assert.rejects(back({ exclude: { patterns: [byteString("[")] } }), InputError);
  });
});

test("a target that is not there is named, and nothing but such targets makes no snapshot", async () => {
  await inBackupPlace(async ({ source, back, repository }) => {
    writeFileSync(join(source, "file"), "x");
    const paths = [byteString(join(source, "file")), byteString(join(source, "missing"))];
    const summary = await back({ source: { kind: "paths", paths } });
    assert.equal(summary.isIncomplete, true);
    assert.equal(summary.itemErrors[0]?.item, join(source, "missing"));
    await assert.rejects(back({ source: { kind: "paths", paths: paths.slice(1) } }), InputError);
    assert.equal((await listSnapshots(repository)).length, 1);
  });
});

test("a command's output becomes a file, and a command that fails makes no snapshot", async () => {
  await inBackupPlace(async ({ back, repository }) => {
    const fileName = byteString("dumps/all.sql");
    const summary = await back({
      source: { kind: "command", command: ["head", "-c", "20000000", "/dev/zero"], fileName },
    });
    assert.equal(summary.figures.total_bytes_processed, 20_000_000);
    const failing: [string, ...string[]] = ["sh", "-c", "echo half; echo 'table lost' >&2; exit 3"];
    await assert.rejects(back({ source: { kind: "command", command: failing, fileName } }), (error: unknown) => {
      assert.ok(error instanceof CommandFailedError);
      assert.deepEqual([error.exitCode, error.lastErrorLine], [3, "table lost"]);
      return true;
    });
    const none: [string, ...string[]] = ["/nonexistent/program"];
    await assert.rejects(back({ source: { kind: "command", command: none, fileName } }), CommandFailedError);
    assert.equal((await listSnapshots(repository)).length, 1);
  });
});

test("a stream is cut as a file of the same content is", async () => {
  await inBackupPlace(async ({ source, back, read, repository }) => {
    const bytes = randomBytes(37_000_000, 4);
    writeFileSync(join(source, "file"), bytes);
    const asFile = await read((await back()).treeId);
    async function* pieces() {
      for (let at = 0; at < bytes.length; at += 1_234_567) yield bytes.subarray(at, at + 1_234_567);
    }
    const asStream = await back({ source: { kind: "stream", content: pieces(), fileName: byteString("stdin") } });
    const [node] = await repository.loadTree(asStream.treeId);
    assert.deepEqual(node?.content, asFile.get("file")?.node.content);
    assert.equal(asStream.figures.data_blobs, 0);
  });
});
