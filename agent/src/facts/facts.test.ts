import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Labels } from "@mycloud/protocol/name";
import { testDirectory } from "../agent/testing/test-directory.ts";
import { collectFacts, parseOsRelease, virtualizationOf } from "./facts.ts";

test("os-release is read with and without quotes", () => {
  const release = parseOsRelease(`ID=debian\nVERSION_ID="12"\nPRETTY_NAME='Debian \\"12\\"'\n# comment\n`);
  assert.equal(release.get("ID"), "debian");
  assert.equal(release.get("VERSION_ID"), "12");
});

test("the machine underneath is told in systemd-detect-virt's words", () => {
  for (const [vendor, product, environment, expected] of [
    ["QEMU", "Standard PC (i440FX + PIIX, 1996)", "", "kvm"],
    ["VMware, Inc.", "VMware7,1", "", "vmware"],
    ["Microsoft Corporation", "Virtual Machine", "", "microsoft"],
    ["Dell Inc.", "PowerEdge R640", "", undefined],
    ["QEMU", "", "PATH=/\0container=docker\0", "docker"],
  ] as const) {
    assert.equal(virtualizationOf({ vendor, product, environment }), expected, product);
  }
});

test("facts are valid labels, and what cannot be read is left out", async () => {
  const root = testDirectory();
  mkdirSync(join(root, "1"));
  writeFileSync(join(root, "1/comm"), "systemd\n");
  const facts = await collectFacts({ procRoot: root, sysRoot: root, osReleasePath: join(root, "missing") });
  assert.equal(facts.init, "systemd");
  assert.equal("distribution" in facts, false);
  assert.ok(Labels.safeParse(facts).success);
});
