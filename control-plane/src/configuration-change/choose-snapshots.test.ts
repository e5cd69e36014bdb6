import assert from "node:assert/strict";
import { test } from "node:test";
import type { ViewSnapshot } from "@mycloud/protocol/snapshot-view";
import { chooseSnapshots, coveredFolders } from "./choose-snapshots.ts";

const snapshot = (takenAtMs: number, paths = ["/"]): ViewSnapshot => ({
  id: takenAtMs.toString(16).padStart(64, "0"),
  takenAtMs,
  hostName: "web1",
  paths,
  tags: [],
  programVersion: null,
  sequence: null,
  filesNew: null,
  filesChanged: null,
  filesUnmodified: null,
  totalFiles: null,
  totalBytes: null,
  addedBytes: null,
  unreadableCount: 0,
  hold: null,
});
const folders = ["/etc", "/usr/local/etc"];
const problem = { lastOkAtMs: 100, startedAtMs: 110 };
const times = (all: ViewSnapshot[], about = problem) => {
  const { from, to, message } = chooseSnapshots(all, folders, about);
  return [from?.takenAtMs ?? null, to?.takenAtMs ?? null, message === null];
};

test("the closest snapshots around the moment it broke are compared", () => {
  assert.deepEqual(times([snapshot(50), snapshot(90), snapshot(105), snapshot(130), snapshot(140)]), [90, 130, true]);
});

test("until a snapshot shows the problem, the newest is compared, and it is said", () => {
  assert.deepEqual(times([snapshot(90), snapshot(105)]), [90, 105, false]);
  assert.deepEqual(times([snapshot(90)]), [90, null, false]);
});

test("without a snapshot from when it was fine there is nothing to tell", () => {
  assert.deepEqual(times([snapshot(120)]), [null, null, false]);
  assert.deepEqual(times([]), [null, null, false]);
});

test("what never was fine is compared with how it was before it was seen", () => {
  const never = { lastOkAtMs: null, startedAtMs: 110 };
  assert.deepEqual(
    [chooseSnapshots([snapshot(50), snapshot(120)], folders, never)].map(({ from }) => from?.takenAtMs),
    [50],
  );
});

test("snapshots of databases and of other folders do not count", () => {
  assert.deepEqual(
    times([snapshot(90), snapshot(95, ["/dumps/mariadb-all.sql"]), snapshot(130, ["/home"]), snapshot(131, ["/etc"])]),
    [90, 131, true],
  );
});

test("a part of the configuration is configuration", () => {
  assert.deepEqual(coveredFolders({ paths: ["/etc/nginx"] }, folders), ["/etc"]);
  assert.deepEqual(coveredFolders({ paths: ["/usr"] }, folders), ["/usr/local/etc"]);
  assert.deepEqual(coveredFolders({ paths: ["/"] }, folders), ["/etc", "/usr/local/etc"]);
  assert.deepEqual(coveredFolders({ paths: ["/etcetera"] }, folders), []);
});
