import assert from "node:assert/strict";
import { test } from "node:test";
import { createNameSearch } from "./name-search.ts";

const path = (text: string) => text.split("/").filter((name) => name !== "");

test("a pattern finds what a person means by it", () => {
  const cases: readonly [string, string, boolean][] = [
    ["note", "/home/ada/Notes.txt", true],
    ["NOTE", "/home/ada/notes.txt", true],
    ["note", "/home/notes/other", false],
    ["*.txt", "/home/ada/Notes.txt", true],
    ["*.txt", "/home/ada/notes.txt.gz", false],
    ["n?tes*", "/home/ada/notes.txt", true],
    ["n?tes", "/home/ada/ntes", false],
    ["zoë", "/home/ZOË", true],
    ["ada/no", "/home/ada/notes.txt", true],
    ["/home/ada/n", "/home/ada/notes.txt", true],
    ["/ada/n", "/home/ada/notes.txt", true],
    ["ada/*.txt", "/home/ada/notes.txt", true],
    ["ada/*.txt", "/home/ada/deep/notes.txt", false],
    ["ada/**/*.txt", "/home/ada/deep/er/notes.txt", true],
    ["ada/**/*.txt", "/home/ada/notes.txt", true],
    ["/ada/*.txt", "/home/ada/notes.txt", false],
    ["/home/*/notes.txt", "/home/ada/notes.txt", true],
    ["/**/notes.*", "/home/ada/notes.txt", true],
    ["[a]*", "/a", false],
    ["a.c*", "/abc", false],
  ];
  for (const [pattern, text, isMatch] of cases) {
    // Names come folded.
    const names = path(text.normalize("NFC").toLowerCase());
    assert.equal(createNameSearch(pattern).matches(names), isMatch, `${pattern} ${text}`);
  }
});

test("below a folder that a path from the root cannot lead through nothing is looked for", () => {
  const search = createNameSearch("/home/*/notes.txt");
  assert.ok(search.mayBeBelow(path("/home")));
  assert.ok(search.mayBeBelow(path("/home/ada")));
  assert.ok(!search.mayBeBelow(path("/etc")));
  assert.ok(!search.mayBeBelow(path("/home/ada/notes.txt")));
  assert.ok(createNameSearch("/home/**/x*").mayBeBelow(path("/home/a/b/c/d")));
  assert.ok(createNameSearch("b/x*").mayBeBelow(path("/anything/at/all")));
});

test("a pattern that goes wrong in every way takes no time", () => {
  const search = createNameSearch(`${"*a".repeat(400)}b`);
  const startedAtMs = performance.now();
  assert.ok(!search.matches(["a".repeat(255)]));
  assert.ok(performance.now() - startedAtMs < 5000);
});
