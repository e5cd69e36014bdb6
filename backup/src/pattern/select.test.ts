import assert from "node:assert/strict";
import { test } from "node:test";
import { byteString, byteStringOf, joinBytes } from "../byte-string/index.ts";
import { InputError } from "../error/index.ts";
import { cleanPath } from "./pattern.ts";
import { createExclude, createInclude, foldCase } from "./select.ts";

const excludes = (patterns: readonly string[], path: string) =>
  createExclude({ patterns: patterns.map(byteString) })(byteString(path));

test("a pattern matches at any depth and everything below; one with a slash at its beginning from the root", () => {
  const cases: readonly [string, string, boolean][] = [
    ["*.o", "/src/lib/a.o", true],
    ["*.o", "/src/lib/a.c", false],
    ["lib", "/src/lib/a.c", true],
    ["lib", "/src/library/a.c", false],
    ["lib/a.c", "/src/lib/a.c", true],
    ["src/a.c", "/src/lib/a.c", false],
    ["/lib", "/src/lib", false],
    ["/src", "/src/lib/a.c", true],
    ["/src/", "/src", true],
    ["/src//lib/./x/..", "/src/lib/y", true],
    ["/src/*", "/src", false],
    ["/src/*/a.c", "/src/lib/a.c", true],
    ["/src/*/a.c", "/src/lib/deep/a.c", false],
    ["/src/**/a.c", "/src/lib/deep/a.c", true],
    ["/src/**/a.c", "/src/a.c", true],
    ["src/**/x/**/a.c", "/home/src/1/x/2/3/a.c", true],
    ["src/**/x/**/a.c", "/home/src/1/2/3/a.c", false],
    ["**", "/anything", true],
    ["/**", "/anything", true],
    ["/", "/anything", true],
    ["node_modules/**/test", "/p/node_modules/q/test/run.js", true],
    ["/home/[ab]*/.cache", "/home/bob/.cache/x", true],
    ["/home/[^ab]*/.cache", "/home/bob/.cache/x", false],
    ["Documents", "/documents", false],
    ["desk/notes", "desk/notes", true],
    ["/desk", "desk/notes", false],
  ];
  for (const [pattern, path, expected] of cases) {
    assert.equal(excludes([pattern], path), expected, `${pattern} on ${path}`);
  }
});

test("the last pattern that applies decides, and ! takes back", () => {
  const cases: readonly [readonly string[], string, boolean][] = [
    [[], "/a", false],
    [["", "*.c"], "/a.o", false],
    [["*.c", "!keep.c"], "/src/keep.c", false],
    [["*.c", "!keep.c"], "/src/other.c", true],
    [["!keep.c", "*.c"], "/src/keep.c", true],
    [["/home/*", "!/home/ada", "/home/ada/tmp"], "/home/ada/desk", false],
    [["/home/*", "!/home/ada", "/home/ada/tmp"], "/home/ada/tmp/x", true],
    [["/home/*", "!/home/ada", "/home/ada/tmp"], "/home/bob", true],
    [["!**"], "/a", false],
  ];
  for (const [patterns, path, expected] of cases) {
    assert.equal(excludes(patterns, path), expected, `${patterns} on ${path}`);
  }
});

test("patterns without regard to case are beside the others", () => {
  const isExcluded = createExclude({
    patterns: ["*.tmp"].map(byteString),
    caseInsensitive: ["*.JPG", "ÉTÉ"].map(byteString),
  });
  for (const [path, expected] of [
    ["/a.tmp", true],
    ["/a.TMP", false],
    ["/a.jpg", true],
    ["/A.JpG", true],
    ["/été/x", true],
    ["/Été/x", true],
    ["/ete/x", false],
  ] as const) {
    assert.equal(isExcluded(byteString(path)), expected, path);
  }
});

test("names that are no UTF-8 are matched by their bytes, and folded where they are letters", () => {
  const odd = joinBytes("/DIR-", byteStringOf(Uint8Array.of(0xff)), byteString("-É"));
  assert.equal(foldCase(odd), joinBytes("/dir-", byteStringOf(Uint8Array.of(0xff)), byteString("-é")));
  assert.equal(createExclude({ patterns: [byteString("DIR-?-*")] })(odd), true);
});

test("directories that may hold something included are entered, others are not", () => {
  const cases: readonly [readonly string[], string, boolean, boolean][] = [
    [["/home/ada/*.txt"], "/home", false, true],
    [["/home/ada/*.txt"], "/home/ada", false, true],
    [["/home/ada/*.txt"], "/home/bob", false, false],
    [["/home/ada/*.txt"], "/home/ada/a.txt", true, true],
    [["/home/ada"], "/home/ada/deep/er", true, true],
    [["/home/**/x"], "/home/a/b/c", false, true],
    [["/home/**/x"], "/usr", false, false],
    [["*.txt"], "/home", false, true],
    [["/home/*", "!/home/bob"], "/home/bob", false, false],
  ];
  for (const [patterns, path, isSelected, childMayBeSelected] of cases) {
    const include = createInclude({ patterns: patterns.map(byteString) });
    assert.deepEqual(include(byteString(path)), { isSelected, childMayBeSelected }, `${patterns} on ${path}`);
  }
  const either = createInclude({ patterns: [byteString("/a")], caseInsensitive: [byteString("/B/C")] });
  assert.deepEqual(either(byteString("/b")), { isSelected: false, childMayBeSelected: true });
  assert.deepEqual(either(byteString("/b/c")), { isSelected: true, childMayBeSelected: true });
});

test("every malformed pattern is named at once", () => {
  assert.throws(
    () => createExclude({ patterns: ["good", "bad[", "dir/**/[z-", "also-good"].map(byteString) }),
    (error) => error instanceof InputError && /bad\[, dir\/\*\*\/\[z-$/.test(error.message),
  );
});

test("paths are cleaned by their text as Go does it", () => {
  for (const [path, expected] of [
    ["", "."],
    [".", "."],
    ["/", "/"],
    ["//a///b/", "/a/b"],
    ["a/../..", ".."],
    ["../../a", "../../a"],
    ["/../a", "/a"],
    ["a/./b/../c", "a/c"],
  ] as const) {
    assert.equal(cleanPath(path), expected, path);
  }
});
