import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { test } from "node:test";
import { byteString } from "../byte-string/index.ts";
import { InputError } from "../error/index.ts";
import { expandGlob } from "./glob.ts";

test("a glob becomes the paths that exist", (t) => {
  const root = mkdtempSync(join(tmpdir(), "mycloud-glob-"));
  t.after(() => rmSync(root, { recursive: true }));
  for (const directory of ["one", "two", "two/deep"]) mkdirSync(join(root, directory));
  for (const file of ["one/a.txt", "one/.hidden.txt", "two/b.txt", "two/deep/c.txt", "two/dé.txt"]) {
    writeFileSync(join(root, file), "");
  }
  symlinkSync("nowhere", join(root, "dangling"));
  const expand = (pattern: string) =>
    expandGlob(byteString(`${root}/${pattern}`)).map((path) => path.slice(byteString(root).length + 1));
  assert.deepEqual(expand("*/*.txt"), ["one/.hidden.txt", "one/a.txt", "two/b.txt", byteString("two/dé.txt")]);
  assert.deepEqual(expand("*/d?.txt"), [byteString("two/dé.txt")]);
  assert.deepEqual(expand("**/c.txt"), []);
  assert.deepEqual(expand("t[vw]o/*/c.txt"), ["two/deep/c.txt"]);
  assert.deepEqual(expand("two/b.txt"), ["two/b.txt"]);
  assert.deepEqual(expand("dangling"), ["dangling"]);
  assert.deepEqual(expand("*/no-such-file"), []);
  assert.deepEqual(expand("one/a.txt/*"), []);
  assert.throws(() => expand("[a"), InputError);
});

test("the root and relative paths are expanded too", (t) => {
  const root = mkdtempSync(join(tmpdir(), "mycloud-glob-"));
  t.after(() => rmSync(root, { recursive: true }));
  writeFileSync(join(root, "file"), "");
  assert.deepEqual(expandGlob(byteString("/")), ["/"]);
  assert.ok(expandGlob(byteString("/et?")).includes(byteString("/etc")));
  const relativeRoot = relative(process.cwd(), root);
  assert.deepEqual(expandGlob(byteString(`${relativeRoot}/f*e`)), [`${relativeRoot}/file`]);
});
