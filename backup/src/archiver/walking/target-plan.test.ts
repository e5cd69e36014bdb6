import assert from "node:assert/strict";
import { test } from "node:test";
import { type ByteString, byteString } from "../../byte-string/index.ts";
import { cleanPath } from "./clean-path.ts";
import { type PlannedEntry, planTargets } from "./target-plan.ts";

const directories: Record<string, string[]> = {
  ".": ["z", "a"],
  "..": ["up"],
  "/": ["etc", "usr"],
  "/home": ["ada", "bob"],
};

function plan(...targets: string[]): unknown {
  const show = (entries: ReadonlyMap<ByteString, PlannedEntry>): unknown =>
    Object.fromEntries(
      [...entries].map(([name, entry]) => [
        name,
        entry.kind === "target" ? `${entry.isNamed ? "named " : ""}${entry.path}` : show(entry.entries),
      ]),
    );
  return show(planTargets(targets.map(byteString), (directory) => (directories[directory] ?? []).map(byteString)));
}

test("an absolute target keeps its directories", () => {
  assert.deepEqual(plan("/home/ada//docs/."), { home: { ada: { docs: "named /home/ada/docs" } } });
});

test("a relative target keeps its own directories, without the leading ones up", () => {
  assert.deepEqual(plan("a/b", "../c"), { a: { b: "named a/b" }, c: "named ../c" });
});

test("a bare directory stands for its entries", () => {
  assert.deepEqual(plan("."), { a: "a", z: "z" });
  assert.deepEqual(plan("/"), { etc: "/etc", usr: "/usr" });
  assert.deepEqual(plan(".."), { up: "../up" });
});

test("targets from different roots that want one name get numbers", () => {
  assert.deepEqual(plan("/a/x", "a/y", "../a"), {
    a: { x: "named /a/x" },
    "a-1": { y: "named a/y" },
    "a-2": "named ../a",
  });
});

test("a target within another is part of it, whichever comes first", () => {
  const both = { home: { ada: "named /home/ada", bob: "/home/bob" } };
  assert.deepEqual(plan("/home", "/home/ada"), both);
  assert.deepEqual(plan("/home/ada", "/home"), both);
});

test("the same target twice counts once", () => {
  assert.deepEqual(plan("/etc/", "/etc"), { etc: "named /etc" });
});

test("paths are cleaned as Go does it", () => {
  const cases = { "": ".", "a/../..": "..", "/..": "/", "/a/./b//": "/a/b", "../a/..": "..", "./a": "a" };
  for (const [path, clean] of Object.entries(cases)) assert.equal(cleanPath(byteString(path)), clean);
});
