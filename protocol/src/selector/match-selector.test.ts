import assert from "node:assert/strict";
import { test } from "node:test";
import { matchesHost, matchesPattern, matchesService } from "./match-selector.ts";

const web1 = { name: "web1", groups: ["web", "linux"], labels: { env: "prod", os: "linux" } };

test("a pattern matches with * and ?", () => {
  for (const [pattern, text, expected] of [
    ["web*", "web1", true],
    ["*", "", true],
    ["w?b1", "web1", true],
    ["web", "web1", false],
    ["*b*1", "web1", true],
    ["a*a*a*a*a*b", "a".repeat(200), false],
  ] as const) {
    assert.equal(matchesPattern(pattern, text), expected, `${pattern} ~ ${text}`);
  }
});

test("a host selector joins keys with and, entries with or, and excludes with !", () => {
  assert.ok(matchesHost({}, web1));
  assert.ok(matchesHost({ hosts: ["db1", "web*"], groups: ["web"] }, web1));
  assert.ok(!matchesHost({ hosts: ["web*", "!web1"] }, web1));
  assert.ok(matchesHost({ hosts: ["!db*"] }, web1));
  assert.ok(!matchesHost({ groups: [] }, web1));
  assert.ok(matchesHost({ labels: { env: ["stage", "prod"], os: "lin*" } }, web1));
  assert.ok(!matchesHost({ labels: { role: "*" } }, web1));
  assert.ok(matchesHost({ labels: { role: "!db" } }, web1));
});

test("a service selector without services covers the host and everything on it", () => {
  assert.ok(matchesService({ groups: ["web"] }, web1, undefined));
  assert.ok(matchesService({ groups: ["web"] }, web1, "disk"));
});

test("a service selector with services covers those only, and with none the host alone", () => {
  assert.ok(matchesService({ services: ["disk*"] }, web1, "disk /var"));
  assert.ok(!matchesService({ services: ["disk*"] }, web1, undefined));
  assert.ok(matchesService({ services: [] }, web1, undefined));
  assert.ok(!matchesService({ services: [] }, web1, "disk"));
});

test("of anyOf one selector must cover it as well", () => {
  const selector = {
    hosts: ["!db9"],
    anyOf: [
      { hosts: ["web1"], services: ["http"] },
      { hosts: ["db*"], services: ["mysql"] },
    ],
  };
  const db = (name: string) => ({ name, groups: [], labels: {} });
  assert.ok(matchesService(selector, web1, "http"));
  assert.ok(!matchesService(selector, web1, "mysql"));
  assert.ok(matchesService(selector, db("db1"), "mysql"));
  assert.ok(!matchesService(selector, db("db9"), "mysql"));
  assert.ok(!matchesService(selector, web1, undefined));
});
