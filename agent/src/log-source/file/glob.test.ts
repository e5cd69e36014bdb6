import assert from "node:assert/strict";
import { test } from "node:test";
import { compileGlobs } from "./glob.ts";
import { originNames } from "./rotated-files.ts";

for (const [glob, path, isMatch] of [
  ["/var/log/*.log", "/var/log/a.log", true],
  ["/var/log/*.log", "/var/log/x/a.log", false],
  ["/var/log/*.log", "/var/log/.a.log", false],
  ["/var/log/**/*.log", "/var/log/a.log", true],
  ["/var/log/**/*.log", "/var/log/x/y/a.log", true],
  ["/var/log/**/*.log", "/var/log/x/.y/a.log", false],
  ["/var/log/**", "/var/log/x/y", true],
  ["/var/log/{a,b}/[!x]?.log", "/var/log/b/ab.log", true],
  ["/var/log/{a,b}/[!x]?.log", "/var/log/b/xb.log", false],
  ["/var/log/[a-c]*", "/var/log/bz", true],
  ["/var/log/a+(b)", "/var/log/a+(b)", true],
] as const) {
  test(`${glob} ${isMatch ? "matches" : "does not match"} ${path}`, () => {
    assert.equal(
      compileGlobs(glob).some((one) => one.matches(path)),
      isMatch,
    );
  });
}

test("names that are left out may begin with a dot, and are what rotation leaves", () => {
  const excluded = ["/**/*.gz", "/**/*.[0-9]"].flatMap((glob) => compileGlobs(glob, true));
  const isExcluded = (path: string) => excluded.some((glob) => glob.matches(path));
  assert.deepEqual(["/a.gz", "/x/.y/a.log.1", "/x/a.log"].map(isExcluded), [true, true, false]);
});

test("a glob with .. is refused", () => {
  assert.throws(() => compileGlobs("/var/log/../x"), RangeError);
});

test("the names before rotation are found for every way that logrotate names files", () => {
  for (const name of [
    "app.log.1",
    "app.log.2.gz",
    "app.log-20261123",
    "app.log-20261123.gz",
    "app-20261123.log",
    "app-20261123.log.gz",
  ]) {
    assert.ok(originNames(name).includes("app.log"), name);
  }
  assert.equal(originNames("other.log.1").includes("app.log"), false);
});
