import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomFillSync } from "node:crypto";
import { once } from "node:events";
import {
  existsSync,
  globSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { byteString } from "../byte-string/index.ts";
import { InputError, NotFoundError } from "../error/index.ts";
import { type Fixture, openFixture } from "./fixtures/snapshot-of.ts";
import type { RestoreItem, RestoreOptions } from "./restore-options.ts";
import { restoreSnapshot } from "./restore-snapshot.ts";
import { temporaryName } from "./temporary-name.ts";

const long = new Date("2001-09-09T01:46:40Z");

/** A directory of each kind of thing, backed up; its path below the target is `tree`. */
async function prepare(fixture: Fixture) {
  const source = join(fixture.root, "source");
  mkdirSync(join(source, "etc/deep"), { recursive: true });
  mkdirSync(join(source, "empty"));
  writeFileSync(join(source, "etc/a.conf"), "a = 1\n");
  writeFileSync(join(source, "etc/b.conf"), "b = 1\n", { mode: 0o640 });
  writeFileSync(join(source, "etc/deep/c.conf"), "c = 1\n");
  writeFileSync(join(source, "etc/nothing"), "");
  writeFileSync(join(source, "large"), randomFillSync(Buffer.alloc(12 * 1024 * 1024)));
  linkSync(join(source, "large"), join(source, "same"));
  symlinkSync("etc/a.conf", join(source, "link"));
  for (const name of ["etc/a.conf", "etc/b.conf", "large", "empty"]) utimesSync(join(source, name), long, long);
  const snapshot = await fixture.take(source);
  const target = join(fixture.root, "target");
  const tree = join(target, source);
  const restore = async (options: Partial<RestoreOptions> = {}) => {
    const items: RestoreItem[] = [];
    const onItem = (item: RestoreItem) => void items.push(item);
    const summary = await restoreSnapshot(fixture.repository, { snapshot, target, threads: 1, onItem, ...options });
    const of = (action: RestoreItem["action"]) =>
      items
        .filter((item) => item.action === action)
        .map((item) => item.path.replace(source, ""))
        .sort();
    return { summary, of };
  };
  return { source, snapshot, target, tree, restore };
}

function assertSame(source: string, tree: string): void {
  const list = (directory: string) => readdirSync(directory, { recursive: true }).map(String).sort();
  assert.deepEqual(list(tree), list(source));
  for (const name of list(source)) {
    const [left, right] = [
      lstatSync(join(source, name), { bigint: true }),
      lstatSync(join(tree, name), { bigint: true }),
    ];
    assert.deepEqual([right.mode, right.mtimeNs, right.nlink], [left.mode, left.mtimeNs, left.nlink], name);
    if (left.isFile()) assert.ok(readFileSync(join(tree, name)).equals(readFileSync(join(source, name))), name);
    if (left.isSymbolicLink()) assert.equal(readlinkSync(join(tree, name)), readlinkSync(join(source, name)));
  }
}

test("nothing is written before it may be, and nothing at all when it may not", async (context) => {
  const { source, target, tree, restore } = await prepare(await openFixture(context));
  const refused = new Error("somebody else has a lock");
  await assert.rejects(restore({ mayWrite: Promise.reject(refused) }), refused);
  assert.equal(existsSync(target), false);
  const { promise, resolve } = Promise.withResolvers<void>();
  const restoring = restore({ mayWrite: promise });
  await sleep(300);
  assert.equal(existsSync(target), false);
  resolve();
  await restoring;
  assertSame(source, tree);
});

test("a snapshot comes back below the target as it was, and a second time nothing is written", async (context) => {
  const { source, tree, restore } = await prepare(await openFixture(context));
  const first = await restore({ isVerifying: true });
  assertSame(source, tree);
  assert.equal(first.summary.isComplete, true);
  assert.equal(first.summary.filesVerified, 6);
  assert.equal(statSync(join(tree, "large")).ino, statSync(join(tree, "same")).ino);
  for (const overwrite of ["always", "if-changed"] as const) {
    const again = await restore({ overwrite });
    assert.equal(again.summary.bytesWritten, 0);
    assert.deepEqual([again.of("created"), again.of("updated"), again.of("failed")], [[], [], []]);
  }
});

test("files and directories are chosen by subfolder and by pattern", async (context) => {
  const fixture = await openFixture(context);
  const { source, tree, target, restore } = await prepare(fixture);
  await restore({ includes: ["*.conf"], excludes: ["b.*"] });
  assert.deepEqual(readdirSync(tree, { recursive: true }).sort(), ["etc", "etc/a.conf", "etc/deep", "etc/deep/c.conf"]);
  assert.equal(statSync(join(tree, "etc")).mtimeMs, statSync(join(source, "etc")).mtimeMs);
  const other = join(fixture.root, "other");
  await restore({ target: other, subfolder: byteString(`${source}/etc`) });
  assertSame(join(source, "etc"), other);
  const single = join(fixture.root, "single");
  await restore({ target: single, subfolder: byteString(`${source}/large`), isVerifying: true });
  assert.deepEqual(readdirSync(single), ["large"]);
  await assert.rejects(restore({ subfolder: byteString("/none") }), NotFoundError);
  await assert.rejects(restore({ target: "relative" }), InputError);
  assert.ok(existsSync(target));
});

test("each overwrite policy does to changed files what it says", async (context) => {
  const { tree, restore } = await prepare(await openFixture(context));
  await restore();
  const change = () => {
    writeFileSync(join(tree, "etc/a.conf"), "a = 2\n");
    utimesSync(join(tree, "etc/a.conf"), long, long);
    writeFileSync(join(tree, "etc/b.conf"), "b = changed\n");
    rmSync(join(tree, "link"));
    writeFileSync(join(tree, "link"), "in the way");
  };
  change();
  assert.deepEqual((await restore({ overwrite: "never" })).of("updated"), []);
  assert.deepEqual((await restore({ overwrite: "if-newer" })).of("updated"), []);
  const changed = await restore({ overwrite: "if-changed" });
  assert.deepEqual(changed.of("updated"), ["/etc/b.conf", "/link"]);
  // Same size and time: taken to be equal unread.
  assert.equal(readFileSync(join(tree, "etc/a.conf"), "utf8"), "a = 2\n");
  assert.deepEqual((await restore({ overwrite: "always" })).of("updated"), ["/etc/a.conf"]);
  assert.equal(readFileSync(join(tree, "etc/a.conf"), "utf8"), "a = 1\n");
  utimesSync(join(tree, "etc/b.conf"), 1, 1);
  writeFileSync(join(tree, "etc/a.conf"), "newer");
  assert.deepEqual((await restore({ overwrite: "if-newer" })).of("updated"), []);
  writeFileSync(join(tree, "etc/b.conf"), "older");
  utimesSync(join(tree, "etc/b.conf"), 1, 1);
  assert.deepEqual((await restore({ overwrite: "if-newer" })).of("updated"), ["/etc/b.conf"]);
});

test("of a large file that changed only the wrong parts are fetched, and readers of the old one keep it", async (context) => {
  const { source, tree, restore } = await prepare(await openFixture(context));
  await restore();
  const bytes = readFileSync(join(tree, "large"));
  bytes.writeUInt8(bytes.readUInt8(6_000_000) ^ 1, 6_000_000);
  rmSync(join(tree, "same"));
  writeFileSync(join(tree, "large"), bytes);
  const before = statSync(join(tree, "large")).ino;
  const { summary } = await restore();
  assert.ok(summary.bytesWritten > 0 && summary.bytesWritten < 9 * 1024 * 1024, String(summary.bytesWritten));
  assert.notEqual(statSync(join(tree, "large")).ino, before);
  assertSame(source, tree);
});

test("--delete removes what the snapshot does not have, within what was backed up and not excluded", async (context) => {
  const fixture = await openFixture(context);
  const { source, tree, target, restore } = await prepare(fixture);
  await restore();
  const outside = join(fixture.root, "outside");
  mkdirSync(outside);
  writeFileSync(join(outside, "precious"), "x");
  mkdirSync(join(tree, "etc/extra/deep"), { recursive: true });
  writeFileSync(join(tree, "etc/extra/deep/file"), "x");
  writeFileSync(join(tree, "etc/kept.log"), "x");
  symlinkSync(outside, join(tree, "etc/way-out"));
  writeFileSync(join(target, "beside"), "x");
  writeFileSync(join(dirname(tree), "beside"), "x");
  const plan = await restore({ isDeleting: true, isDryRun: true, excludes: ["*.log"] });
  assert.ok(existsSync(join(tree, "etc/extra/deep/file")));
  const done = await restore({ isDeleting: true, excludes: ["*.log"] });
  const expected = ["/etc/extra", "/etc/extra/deep", "/etc/extra/deep/file", "/etc/way-out"];
  assert.deepEqual([plan.of("deleted"), done.of("deleted")], [expected, expected]);
  assert.ok(existsSync(join(tree, "etc/kept.log")));
  assert.ok(existsSync(join(outside, "precious")));
  assert.ok(existsSync(join(target, "beside")) && existsSync(join(dirname(tree), "beside")));
  await restore({ isDeleting: true });
  assertSame(source, tree);
});

test("a dry run says what would be done and does nothing", async (context) => {
  const { tree, target, restore } = await prepare(await openFixture(context));
  const plan = await restore({ isDryRun: true });
  assert.equal(existsSync(target), false);
  assert.ok(plan.of("created").includes("/etc/deep/c.conf"));
  await restore();
  writeFileSync(join(tree, "etc/a.conf"), "other");
  const later = await restore({ isDryRun: true });
  assert.deepEqual([later.of("created"), later.of("updated")], [[], ["/etc/a.conf"]]);
  assert.equal(readFileSync(join(tree, "etc/a.conf"), "utf8"), "other");
});

test("a directory that is not empty gives way to a file only with --delete, and a link is never followed", async (context) => {
  const fixture = await openFixture(context);
  const { source, tree, restore } = await prepare(fixture);
  await restore();
  rmSync(join(tree, "etc/a.conf"));
  mkdirSync(join(tree, "etc/a.conf"));
  writeFileSync(join(tree, "etc/a.conf/inside"), "x");
  const outside = join(fixture.root, "outside");
  mkdirSync(outside);
  rmSync(join(tree, "etc/deep"), { recursive: true });
  symlinkSync(outside, join(tree, "etc/deep"));
  const { summary, of } = await restore();
  assert.deepEqual(of("failed"), ["/etc/a.conf"]);
  assert.match(summary.errorItems[0]?.message ?? "", /not empty/);
  assert.equal(summary.isComplete, false);
  assert.deepEqual(readdirSync(outside), []);
  assert.equal(lstatSync(join(tree, "etc/deep")).isDirectory(), true);
  await restore({ isDeleting: true });
  assertSame(source, tree);
});

test("a link above what was backed up is neither followed nor replaced", async (context) => {
  const fixture = await openFixture(context);
  const { source, target, restore } = await prepare(fixture);
  const elsewhere = join(fixture.root, "elsewhere");
  mkdirSync(elsewhere);
  mkdirSync(target);
  const top = source.split("/")[1] ?? "";
  symlinkSync(elsewhere, join(target, top));
  const { summary } = await restore();
  assert.equal(summary.isComplete, false);
  assert.match(summary.errorItems[0]?.message ?? "", /links are not followed/);
  assert.deepEqual(readdirSync(elsewhere), []);
  assert.ok(lstatSync(join(target, top)).isSymbolicLink());
});

test("a file whose content is damaged is named and absent, the rest is restored", async (context) => {
  const fixture = await openFixture(context);
  const { tree, snapshot, restore } = await prepare(fixture);
  const large = (await fixture.repository.index.find("data", await lastBlobOf(fixture, snapshot.tree, "large")))
    ?.packId;
  const [pack] = globSync(join(fixture.root, `repository/data/*/${large}`));
  assert.ok(pack !== undefined);
  truncateSync(pack, 4_000_000);
  const { summary, of } = await restore({ isVerifying: true });
  assert.deepEqual(of("failed"), ["/large", "/same"]);
  assert.equal(summary.isComplete, false);
  assert.deepEqual(readdirSync(tree).sort(), ["empty", "etc", "link"]);
});

test("a restore that is aborted and one that is killed are gone on with", { timeout: 60_000 }, async (context) => {
  const fixture = await openFixture(context);
  const { source, tree, target, restore } = await prepare(fixture);
  const controller = new AbortController();
  const onItem = () => controller.abort(new Error("enough"));
  await assert.rejects(restore({ signal: controller.signal, onItem }), /enough/);
  rmSync(target, { recursive: true, force: true });
  const script = join(import.meta.dirname, "fixtures/restore-forever.ts");
  for (const delayMs of [0, 15, 30, 60, 120]) {
    const child = spawn(process.execPath, [script, join(fixture.root, "repository"), target], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(child, "exit");
    await once(child.stdout, "data");
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    child.kill("SIGKILL");
    await ended;
    // What has its name is whole.
    for (const name of ["large", "same", "etc/a.conf"].filter((each) => existsSync(join(tree, each)))) {
      assert.ok(readFileSync(join(tree, name)).equals(readFileSync(join(source, name))), name);
    }
  }
  const { summary } = await restore({ overwrite: "if-changed", isDeleting: true });
  assert.equal(summary.isComplete, true);
  assertSame(source, tree);
});

test("what an interrupted restore wrote of a large file is not fetched again, what somebody planted is not written to", async (context) => {
  const fixture = await openFixture(context);
  const { source, tree, restore } = await prepare(fixture);
  mkdirSync(tree, { recursive: true });
  const bytes = readFileSync(join(source, "large"));
  const partial = join(tree, temporaryName(byteString("large")));
  writeFileSync(partial, Buffer.concat([bytes.subarray(0, 9_000_000), Buffer.alloc(1000)]), { mode: 0o600 });
  const resumed = await restore();
  assert.ok(resumed.summary.bytesUnchanged > 0, "parts of it are right");
  assert.ok(resumed.summary.bytesWritten < bytes.length);
  assertSame(source, tree);
  rmSync(join(tree, "large"));
  rmSync(join(tree, "same"));
  const planted = join(fixture.root, "planted");
  writeFileSync(planted, "mine", { mode: 0o600 });
  linkSync(planted, partial);
  await restore();
  assert.equal(readFileSync(planted, "utf8"), "mine");
  assertSame(source, tree);
});

async function lastBlobOf(fixture: Fixture, tree: string, name: string): Promise<string> {
  const { walkSnapshot } = await import("../listing/index.ts");
  for await (const { node } of walkSnapshot(fixture.repository, tree)) {
    if (node.name === name) return node.content?.at(-1) ?? "";
  }
  throw new Error(`${name} is not in the snapshot`);
}
