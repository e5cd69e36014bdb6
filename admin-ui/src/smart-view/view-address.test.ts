import assert from "node:assert/strict";
import { test } from "node:test";
import { childOf, commonFolder, foldersOf, parentOf, readAddress, writeAddress } from "./view-address.ts";

test("an address says what is shown, and is read back the same", () => {
  const address = { repositoryId: 3, snapshotId: "ab".repeat(32), path: "/home/zoë & co", file: "a?b.txt" };
  assert.deepEqual(readAddress(new URLSearchParams(writeAddress(address).toString())), address);
});

test("what an address does not say, or says wrongly, is the default", () => {
  const nothing = { repositoryId: null, snapshotId: null, path: null, file: null };
  assert.deepEqual(readAddress(new URLSearchParams()), nothing);
  assert.deepEqual(readAddress(new URLSearchParams("repository=x&snapshot=../../etc&path=etc")), nothing);
});

test("folders on the way to a path begin at the top", () => {
  assert.deepEqual(
    foldersOf("/home/anna").map(({ path }) => path),
    ["/", "/home", "/home/anna"],
  );
  assert.deepEqual(
    foldersOf("/").map(({ path }) => path),
    ["/"],
  );
});

test("parents and children are each other's opposite, also at the top", () => {
  assert.equal(parentOf("/home"), "/");
  assert.equal(parentOf("/"), "/");
  assert.equal(childOf("/", "home"), "/home");
  assert.equal(parentOf(childOf("/home/anna", "a")), "/home/anna");
});

test("looking begins at the deepest folder that has all", () => {
  assert.equal(commonFolder(["/home/anna/a", "/home/anna/b"]), "/home/anna");
  assert.equal(commonFolder(["/home/anna", "/home/annabel"]), "/home");
  assert.equal(commonFolder(["/srv/www"]), "/srv/www");
  assert.equal(commonFolder(["/etc", "/home"]), "/");
  assert.equal(commonFolder([]), "/");
});
