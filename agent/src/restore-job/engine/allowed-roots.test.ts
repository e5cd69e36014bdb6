import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { testDirectory } from "../../agent/testing/test-directory.ts";
import { isWithin, realPlace } from "./allowed-roots.ts";

test("a path is within its roots by whole names", () => {
  const roots = ["/srv/www/", "/home"];
  for (const path of ["/srv/www", "/srv/www/a", "/home/x"]) assert.ok(isWithin(path, roots), path);
  for (const path of ["/srv/www2", "/srv", "/", "/homes"]) assert.ok(!isWithin(path, roots), path);
  assert.ok(isWithin("/anything", ["/"]));
  assert.ok(!isWithin("/anything", []));
});

test("a directory that does not exist yet is where the links above it lead", async () => {
  const directory = testDirectory();
  mkdirSync(join(directory, "real"));
  symlinkSync(join(directory, "real"), join(directory, "link"));
  assert.equal(await realPlace(join(directory, "link/new/deep")), join(directory, "real/new/deep"));
  assert.equal(await realPlace("/nonexistent-here/x"), "/nonexistent-here/x");
});
