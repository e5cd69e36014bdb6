import assert from "node:assert/strict";
import { test } from "node:test";
import type { BackupDrill } from "@mycloud/protocol/backup-drill";
import type { BackupMaintenanceRun } from "@mycloud/protocol/backup-maintenance";
import {
  burnText,
  drillText,
  maintainHindrance,
  maintenanceText,
  measuredText,
  quotaTone,
  snapshotPath,
  usedShare,
} from "./repository-text.ts";

const drill: BackupDrill = {
  snapshotId: "5d8c".repeat(16),
  finishedAtMs: 0,
  files: 1200,
  bytes: 32 * 1024 * 1024,
  seconds: 4,
  totalFiles: 48_139,
  totalBytes: 4.5 * 1024 ** 3,
  rtoSeconds: 719.2,
  comparedLive: 1100,
  faultCount: 0,
  faults: [],
};

test("a burn rate says how much faster than allowed an objective is missed", () => {
  assert.equal(burnText(null), null);
  assert.deepEqual(burnText(0), { tone: "tone-ok", text: "not missed in the last day" });
  assert.deepEqual(burnText(0.5), { tone: "tone-warning", text: "0.5 × what may be missed (1 % in 30 days)" });
  assert.deepEqual(burnText(30.4), { tone: "tone-critical", text: "30 × what may be missed (1 % in 30 days)" });
});

test("a trial restore is good, too slow, or wrong, and wrong comes first", () => {
  assert.deepEqual(drillText(drill, 900), {
    tone: "tone-ok",
    text: "1,200 files (32.0 MiB) came back as they were",
  });
  assert.equal(drillText(drill, null).tone, "tone-ok");
  assert.equal(drillText(drill, 719).tone, "tone-warning");
  assert.deepEqual(drillText({ ...drill, faultCount: 2 }, 719), {
    tone: "tone-critical",
    text: "2 of 1,200 files came back wrong",
  });
  assert.equal(measuredText(drill), "12 min for all of it (48,139 files, 4.5 GiB)");
});

test("a quota has a share only where there is one and its use is known", () => {
  assert.equal(usedShare({ usedBytes: 5, quotaBytes: 10 }), 0.5);
  assert.equal(usedShare({ usedBytes: 5, quotaBytes: 0 }), null);
  assert.equal(usedShare({ usedBytes: null, quotaBytes: 10 }), null);
  assert.equal(usedShare({ usedBytes: 5, quotaBytes: null }), null);
  assert.deepEqual([0.79, 0.8, 0.95, 1.2].map(quotaTone), ["ok", "warning", "critical", "critical"]);
});

test("what the server would refuse to prune says why", () => {
  const free = { keyMode: "managed", isAssigned: true, frozenAtMs: null } as const;
  assert.equal(maintainHindrance(free), null);
  assert.match(maintainHindrance({ ...free, keyMode: "private" }) ?? "", /^Only the host has the key/);
  assert.match(maintainHindrance({ ...free, isAssigned: false }) ?? "", /^No policy/);
  assert.match(maintainHindrance({ ...free, frozenAtMs: 1 }) ?? "", /^Frozen/);
});

test("each kind of maintenance says what it did, and a failed one why", () => {
  const run = (change: Partial<BackupMaintenanceRun>): BackupMaintenanceRun => ({
    id: 1,
    repositoryId: 1,
    hostName: "web1",
    policyName: "home",
    kind: "retention",
    phase: "done",
    startedAtMs: 0,
    finishedAtMs: 1,
    figures: {},
    message: null,
    ...change,
  });
  const figures = { snapshotsKept: 12, snapshotsRemoved: 3, bytesFreed: 2048, holdsPlaced: 14, holdsRemoved: 13 };
  const table: [Partial<BackupMaintenanceRun>, string][] = [
    [{ figures }, "3 forgotten, 12 kept, 2.0 KiB freed"],
    [{ figures, kind: "hold" }, "14 snapshots held"],
    [{ figures, kind: "release" }, "13 holds taken away"],
    [{ kind: "examine", figures: { objectsDamaged: 2, filesAffected: 31 } }, "2 damaged, 31 files affected"],
    [{ phase: "running" }, "under way"],
    [{ phase: "failed", message: "it is locked" }, "it is locked"],
  ];
  for (const [change, text] of table) assert.equal(maintenanceText(run(change)), text);
});

test("a snapshot's address leads to the machine, a file's to its versions", () => {
  const repository = { hostId: 7, id: 3 };
  const snapshot = "ab".repeat(32);
  assert.equal(snapshotPath(repository), "/machines/7?repository=3");
  assert.equal(snapshotPath(repository, snapshot), `/machines/7?repository=3&snapshot=${snapshot}`);
  assert.equal(
    snapshotPath(repository, snapshot, "/home/anna/notes.txt"),
    `/machines/7/files?repository=3&snapshot=${snapshot}&path=%2Fhome%2Fanna&file=%2Fhome%2Fanna%2Fnotes.txt`,
  );
  assert.equal(snapshotPath({ hostId: null, id: 3 }), null);
});
