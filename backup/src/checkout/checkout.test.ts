import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { NotFoundError } from "../error/index.ts";
import { openCheckout } from "./testing.ts";

const old = new Date("2020-02-02T02:02:02Z");

async function prepare(context: import("node:test").TestContext) {
  const opened = await openCheckout(context);
  const at = (name: string) => join(opened.source, name);
  mkdirSync(at("etc/deep"), { recursive: true });
  for (const name of ["etc/a", "etc/b", "etc/deep/c"]) {
    writeFileSync(at(name), `first ${name}`);
    utimesSync(at(name), old, old);
  }
  const first = await opened.take();
  return { ...opened, at, first, text: (name: string) => readFileSync(at(name), "utf8") };
}

test("a checkout brings back what is gone or older in the newest snapshot, and touches nothing that is right", async (context) => {
  const { at, first, take, carry, text, stamp } = await prepare(context);
  writeFileSync(at("etc/a"), "second");
  rmSync(at("etc/deep"), { recursive: true });
  writeFileSync(at("untracked"), "mine");
  await take();
  const before = stamp("etc/b");
  const done = await carry({ kind: "checkout", snapshot: first });
  assert.deepEqual([done.creates, done.replaces, done.removes, done.conflicts, done.errorCount], [2, 1, 0, 0, 0]);
  assert.deepEqual([text("etc/a"), text("etc/deep/c")], ["first etc/a", "first etc/deep/c"]);
  assert.equal(text("untracked"), "mine");
  assert.equal(stamp("etc/b"), before);
  assert.equal(lstatSync(at("etc/a")).mtimeMs, old.getTime());
  const again = await carry({ kind: "checkout", snapshot: first });
  assert.deepEqual([again.creates, again.replaces, again.metadata, again.done], [0, 0, 0, 0]);
});

test("what changed since the newest snapshot, or is in none, is a conflict; by force it goes", async (context) => {
  const { at, first, take, plan, carry, text, acts } = await prepare(context);
  rmSync(at("etc/b"));
  await take();
  writeFileSync(at("etc/a"), "nobody has this");
  writeFileSync(at("etc/b"), "nor this");
  const { figures } = await plan({ kind: "checkout", snapshot: first });
  assert.deepEqual(
    figures.actions.filter(({ action }) => action === "conflict").map(({ reason }) => reason),
    ["it was changed after the newest snapshot", "the newest snapshot does not have it"],
  );
  assert.deepEqual(acts(figures).slice(0, 2), ["conflict /etc/a", "conflict /etc/b"]);
  const forced = await carry({ kind: "checkout", snapshot: first, isForced: true });
  assert.deepEqual([forced.conflicts, forced.replaces, forced.errorCount], [0, 2, 0]);
  assert.deepEqual([text("etc/a"), text("etc/b")], ["first etc/a", "first etc/b"]);
});

test("an older version that was checked out is no conflict: a snapshot has it", async (context) => {
  const { at, first, take, carry, text } = await prepare(context);
  writeFileSync(at("etc/a"), "second");
  const second = await take();
  await carry({ kind: "checkout", snapshot: first, paths: ["etc/a"] });
  assert.equal(text("etc/a"), "first etc/a");
  const back = await carry({ kind: "checkout", snapshot: second, paths: ["etc/a"] });
  assert.deepEqual([back.conflicts, back.replaces, text("etc/a")], [0, 1, "second"]);
});

test("a file whose content was touched and put back is right; only its rights are given back", async (context) => {
  const { at, first, carry, plan } = await prepare(context);
  writeFileSync(at("etc/a"), "first etc/a");
  utimesSync(at("etc/a"), old, old);
  chmodSync(at("etc/b"), 0o600);
  const { figures } = await plan({ kind: "checkout", snapshot: first });
  assert.deepEqual([figures.replaces, figures.metadata, figures.conflicts], [0, 1, 0]);
  await carry({ kind: "checkout", snapshot: first });
  assert.equal(lstatSync(at("etc/b")).mode & 0o777, 0o644);
});

test("one path is brought back alone, with the directories that lead to it", async (context) => {
  const { at, first, carry, text } = await prepare(context);
  rmSync(at("etc"), { recursive: true });
  await carry({ kind: "checkout", snapshot: first, paths: ["etc/deep"] });
  assert.equal(text("etc/deep/c"), "first etc/deep/c");
  assert.ok(!existsSync(at("etc/a")));
  await assert.rejects(carry({ kind: "checkout", snapshot: first, paths: ["etc/nothing"] }), NotFoundError);
});

test("a directory in the place of a file goes when snapshots have all of it, and is a conflict else", async (context) => {
  const { at, first, take, plan, carry, text } = await prepare(context);
  rmSync(at("etc/a"));
  mkdirSync(at("etc/a"));
  writeFileSync(at("etc/a/inside"), "x");
  await take();
  writeFileSync(at("etc/a/new"), "y");
  const { figures } = await plan({ kind: "checkout", snapshot: first });
  assert.match(
    figures.actions[0]?.reason ?? "",
    /a directory is in its place: the newest snapshot does not have it \(.*etc\/a\/new\)/,
  );
  rmSync(at("etc/a/new"));
  const done = await carry({ kind: "checkout", snapshot: first });
  assert.deepEqual([done.errorCount, text("etc/a")], [0, "first etc/a"]);
});

test("no link is followed, neither on the way nor in the place of a directory", async (context) => {
  const { root, at, first, plan, carry } = await prepare(context);
  const elsewhere = join(root, "elsewhere");
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, "a"), "other");
  rmSync(at("etc"), { recursive: true });
  symlinkSync(elsewhere, at("etc"));
  for (const paths of [[], ["etc/a"]]) {
    const { figures } = await plan({ kind: "checkout", snapshot: first, paths });
    assert.equal(figures.conflicts, 1);
    assert.match(figures.actions[0]?.path ?? "", /\/etc$/);
  }
  const forced = await carry({ kind: "checkout", snapshot: first, paths: ["etc/a"], isForced: true });
  assert.ok(forced.errorCount > 0);
  assert.equal(readFileSync(join(elsewhere, "a"), "utf8"), "other");
  const whole = await carry({ kind: "checkout", snapshot: first, isForced: true });
  assert.equal(whole.errorCount, 0);
  assert.ok(lstatSync(at("etc")).isDirectory());
  assert.equal(readFileSync(join(elsewhere, "a"), "utf8"), "other");
});

test("what is changed between plan and doing is left alone and named", async (context) => {
  const { at, first, take, newestFirst, repository, text, plan } = await prepare(context);
  const { carryOut } = await import("./carry-out.ts");
  writeFileSync(at("etc/a"), "second");
  await take();
  const planned = await plan({ kind: "checkout", snapshot: first }, await newestFirst());
  writeFileSync(at("etc/a"), "in between");
  const carried = await carryOut(repository, planned, {
    kind: "checkout",
    snapshot: first,
    paths: planned.figures.actions.map(({ path }) => path),
    target: "/",
    threads: 1,
    signal: new AbortController().signal,
  });
  assert.equal(text("etc/a"), "in between");
  assert.match(carried.errors[0]?.message ?? "", /changed after the plan was made/);
});

test("a restore writes below another directory, and overwrites nothing else there", async (context) => {
  const { root, source, first, plan, carry } = await prepare(context);
  const target = join(root, "new/target");
  const done = await carry({ kind: "restore", snapshot: first, target });
  assert.equal(done.errorCount, 0);
  const restored = join(target, source, "etc/a");
  assert.equal(readFileSync(restored, "utf8"), "first etc/a");
  const again = await plan({ kind: "restore", snapshot: first, target });
  assert.deepEqual([again.figures.creates, again.figures.conflicts], [0, 0]);
  writeFileSync(restored, "mine");
  const { figures } = await plan({ kind: "restore", snapshot: first, target });
  assert.deepEqual([figures.conflicts, figures.actions[0]?.reason], [1, "something else is there"]);
});
