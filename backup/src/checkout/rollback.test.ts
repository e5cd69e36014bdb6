import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { byteString } from "../byte-string/index.ts";
import { openCheckout } from "./testing.ts";

async function prepare(context: TestContext) {
  const opened = await openCheckout(context);
  const at = (name: string) => join(opened.source, name);
  mkdirSync(at("www/img"), { recursive: true });
  mkdirSync(at("other"));
  for (const name of ["www/index", "www/about", "www/img/logo", "other/file"]) writeFileSync(at(name), `first ${name}`);
  linkSync(at("www/index"), at("www/same"));
  symlinkSync("index", at("www/home"));
  return { ...opened, at };
}

/** All names with what counts of each. */
function look(directory: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(directory, { recursive: true }).map(String).sort()) {
    const path = join(directory, name);
    const stat = lstatSync(path, { bigint: true });
    const content = stat.isFile() ? readFileSync(path, "utf8") : "";
    found[name] = `${stat.mode} ${stat.mtimeNs} ${stat.nlink} ${content}`;
  }
  return found;
}

function change({ at }: { readonly at: (name: string) => string }): void {
  rmSync(at("www/same"));
  writeFileSync(at("www/index"), "defaced");
  rmSync(at("www/img"), { recursive: true });
  writeFileSync(at("www/img"), "a file where a folder was");
  mkdirSync(at("www/malware/deep"), { recursive: true });
  writeFileSync(at("www/malware/deep/x"), "x");
  writeFileSync(at("other/file"), "changed too");
}

test("a rollback makes a folder equal, and rolling back to its safety snapshot undoes it", async (context) => {
  const opened = await prepare(context);
  const { at, take, rollBack } = opened;
  const good = look(at("www"));
  const first = await take();
  change(opened);
  const bad = look(at("www"));
  const rolled = await rollBack({ snapshot: first, paths: ["www"] });
  assert.deepEqual([rolled.errorCount, rolled.conflicts], [0, 0]);
  assert.deepEqual(look(at("www")), good);
  assert.equal(statSync(at("www/index")).ino, statSync(at("www/same")).ino);
  assert.equal(readFileSync(at("other/file"), "utf8"), "changed too");
  assert.ok(rolled.safety);
  assert.ok(rolled.safety.tags?.includes("safety"));
  const back = await rollBack({ snapshot: rolled.safety });
  assert.equal(back.errorCount, 0);
  assert.deepEqual(look(at("www")), bad);
});

test("a dry run says beforehand just what is done", async (context) => {
  const opened = await prepare(context);
  const first = await opened.take();
  change(opened);
  const before = look(opened.at(""));
  const { figures } = await opened.plan({ kind: "rollback", snapshot: first });
  assert.deepEqual(look(opened.at("")), before);
  assert.deepEqual(
    opened.acts(figures).filter((act) => act.startsWith("remove")),
    ["remove /www/malware", "remove /www/malware/deep", "remove /www/malware/deep/x"],
  );
  const done = await opened.rollBack({ snapshot: first });
  assert.deepEqual(
    [done.creates, done.replaces, done.removes, done.bytesToWrite],
    [figures.creates, figures.replaces, figures.removes, figures.bytesToWrite],
  );
});

test("what the policy leaves out is never removed, nor is the folder that it lies in", async (context) => {
  const { at, take, rollBack, plan, acts } = await prepare(context);
  const exclude = {
    patterns: [byteString("*.log"), byteString("/**/cache")],
    ifPresent: [byteString(".nobackup")],
    caches: true,
  };
  const first = await take(exclude);
  mkdirSync(at("www/new/cache"), { recursive: true });
  mkdirSync(at("www/tagged"));
  writeFileSync(at("www/access.log"), "log");
  writeFileSync(at("www/new/cache/c"), "c");
  writeFileSync(at("www/new/gone"), "g");
  writeFileSync(at("www/tagged/.nobackup"), "");
  writeFileSync(at("www/tagged/precious"), "p");
  const preview = await plan({ kind: "rollback", snapshot: first, exclude });
  assert.deepEqual(
    acts(preview.figures).filter((act) => !act.startsWith("metadata")),
    ["remove /www/new/gone", "remove /www/tagged/.nobackup"],
  );
  const done = await rollBack({ snapshot: first, exclude });
  assert.deepEqual([done.errorCount, done.conflicts], [0, 0]);
  for (const name of ["www/access.log", "www/new/cache/c", "www/tagged/precious"])
    assert.ok(existsSync(at(name)), name);
  assert.ok(!existsSync(at("www/new/gone")));
});

test("what came or changed after the safety snapshot stays, and is named", async (context) => {
  const { at, take, carry } = await prepare(context);
  const first = await take();
  writeFileSync(at("www/index"), "second");
  writeFileSync(at("www/extra"), "1");
  const safety = await take();
  writeFileSync(at("www/index"), "third");
  writeFileSync(at("www/extra"), "2");
  writeFileSync(at("www/late"), "3");
  const done = await carry({ kind: "rollback", snapshot: first }, [safety]);
  assert.equal(readFileSync(at("www/late"), "utf8"), "3");
  assert.equal(readFileSync(at("www/extra"), "utf8"), "2");
  assert.equal(readFileSync(at("www/index"), "utf8"), "third");
  assert.ok(done.errorCount >= 3);
  assert.ok(
    done.errors.some(
      ({ item, message }) => item.endsWith("www/late") && /safety snapshot does not have it/.test(message),
    ),
  );
});

test("a file that the snapshot could not read is not removed because it is missing there", async (context) => {
  const { at, take, rollBack } = await prepare(context);
  const first = await take();
  writeFileSync(at("www/unread"), "was there, but nobody could read it");
  const told = { item: at("www/unread"), during: "open", message: "EACCES" };
  const withError = { ...first, summary: { ...(first.summary ?? assert.fail()), errors: 1, error_items: [told] } };
  await rollBack({ snapshot: withError });
  assert.ok(existsSync(at("www/unread")));
  writeFileSync(at("www/other"), "of many errors only some are named");
  await rollBack({ snapshot: { ...withError, summary: { ...withError.summary, errors: 2 } } });
  assert.ok(existsSync(at("www/other")));
});

test("a folder that the snapshot says was not there goes, and comes back with the safety snapshot", async (context) => {
  const { at, take, rollBack } = await prepare(context);
  renameSync(at("other"), at("aside"));
  const first = await take();
  renameSync(at("aside"), at("other"));
  const gone = await rollBack({ snapshot: first, paths: ["other"] });
  assert.ok(!existsSync(at("other")));
  assert.ok(existsSync(at("www/index")));
  await rollBack({ snapshot: gone.safety ?? assert.fail() });
  assert.equal(readFileSync(at("other/file"), "utf8"), "first other/file");
});

test("of paths that were partly missing, the safety snapshot says so", async (context) => {
  const { at, take, rollBack } = await prepare(context);
  const first = await take();
  rmSync(at("other"), { recursive: true });
  utimesSync(at("www/about"), 1, 1);
  const rolled = await rollBack({ snapshot: first, paths: ["other", "www"] });
  assert.ok(existsSync(at("other/file")));
  await rollBack({ snapshot: rolled.safety ?? assert.fail() });
  assert.ok(!existsSync(at("other")));
});

test("a file system mounted in the folder is neither removed nor emptied", async (context) => {
  const { at, take, rollBack } = await prepare(context);
  mkdirSync(at("www/mount"));
  const first = await take();
  mkdirSync(at("www/extra"));
  const mounted: string[] = [];
  try {
    for (const name of ["www/mount", "www/extra"]) {
      execFileSync("mount", ["-t", "tmpfs", "tmpfs", at(name)], { stdio: "ignore" });
      mounted.push(at(name));
      writeFileSync(join(at(name), "data"), "d");
    }
    await rollBack({ snapshot: first });
    for (const directory of mounted) assert.ok(existsSync(join(directory, "data")), directory);
  } catch (error) {
    if (mounted.length > 0) throw error;
    context.skip("file systems cannot be mounted here");
  } finally {
    // Before the directory is removed: hooks come after that.
    for (const directory of mounted) execFileSync("umount", [directory]);
  }
});

test("what is excepted is neither changed nor removed nor made", async (context) => {
  const { at, take, plan, repository, source } = await prepare(context);
  const { carryOut } = await import("./carry-out.ts");
  mkdirSync(at("agent"));
  writeFileSync(at("agent/state"), "then");
  writeFileSync(at("agent/gone"), "then");
  const first = await take();
  rmSync(at("agent/gone"));
  writeFileSync(at("agent/state"), "now");
  writeFileSync(at("agent/new"), "now");
  writeFileSync(at("www/extra"), "x");
  const asked = { kind: "rollback" as const, snapshot: first, except: [byteString(at("agent"))] };
  const planned = await plan(asked);
  const paths = [byteString(source)];
  await carryOut(repository, planned, {
    ...asked,
    paths,
    target: "/",
    threads: 1,
    signal: new AbortController().signal,
  });
  assert.deepEqual(readdirSync(at("agent")), ["new", "state"]);
  assert.equal(readFileSync(at("agent/state"), "utf8"), "now");
  assert.ok(!existsSync(at("www/extra")));
});

test("a hostile snapshot's names lead nowhere, and what it does not say is no reason to remove anything", async (context) => {
  const { at, take, repository, source, root } = await prepare(context);
  const { carryOut } = await import("./carry-out.ts");
  const { planRestore } = await import("./plan-restore.ts");
  const first = await take();
  writeFileSync(at("www/extra"), "x");
  const hostile = {
    backend: repository.backend,
    index: repository.index,
    key: repository.key,
    loadBlob: repository.loadBlob.bind(repository),
    async loadTree(id: string) {
      const nodes = await repository.loadTree(id);
      const file = nodes.find(({ type }) => type === "file");
      const names = ["..", ".", "a/../../../escaped", "/escaped"];
      return file === undefined ? nodes : [...names.map((name) => ({ ...file, name: byteString(name) })), ...nodes];
    },
  };
  const before = readdirSync(root);
  const paths = [byteString(source)];
  const asked = {
    kind: "rollback" as const,
    snapshot: first,
    paths,
    target: "/",
    threads: 1,
    signal: new AbortController().signal,
  };
  const planned = await planRestore(hostile, { ...asked, isForced: false, others: "assumed", exclude: {} });
  const carried = await carryOut(hostile, planned, asked);
  assert.ok(carried.errorCount > 0);
  assert.deepEqual([readdirSync(root), existsSync("/escaped")], [before, false]);
  assert.ok(existsSync(at("www/extra")));
});
