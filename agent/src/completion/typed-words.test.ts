import assert from "node:assert/strict";
import { test } from "node:test";
import { readTypedWords } from "./typed-words.ts";

test("the word that is being typed is told from those before it", () => {
  const table: [string[], object][] = [
    [["checkout", ""], { kind: "snapshot" }],
    [["checkout", "-f", "--dry-run", "la"], { kind: "snapshot" }],
    [["checkout", "yesterday", "no"], { kind: "path", snapshot: "yesterday" }],
    [["rollback", "latest", "a", "b"], { kind: "path", snapshot: "latest" }],
    [["restore", "--to", "/tmp", "latest", ""], { kind: "path", snapshot: "latest" }],
    [["restore", "latest", "--to", "/t"], { kind: "nothing" }],
    [["sync", "--machine", "w"], { kind: "machine" }],
    [["sync", "-m", ""], { kind: "machine" }],
    [["log", "--policy", ""], { kind: "policy" }],
    [["log", ""], { kind: "path", snapshot: "latest" }],
    [["ls", "latest:/s"], { kind: "snapshot-or-path" }],
    [["diff", "aaaa", ""], { kind: "snapshot" }],
    [["diff", "aaaa", "bbbb", ""], { kind: "path", snapshot: "bbbb" }],
    [["find", "x", "--in", ""], { kind: "path", snapshot: "latest" }],
    [["hold", "latest", ""], { kind: "nothing" }],
    [["host", ""], { kind: "nothing" }],
    [[], { kind: "nothing" }],
  ];
  for (const [words, wanted] of table) assert.deepEqual(readTypedWords(words).wanted, wanted, words.join(" "));
});

test("machine, policy and control plane count wherever they were written", () => {
  const typed = readTypedWords(["checkout", "-m", "web1", "--policy=home", "--server", "https://m.example.org", "la"]);
  assert.deepEqual(
    [typed.machine, typed.policy, typed.server, typed.current],
    ["web1", "home", "https://m.example.org", "la"],
  );
});
