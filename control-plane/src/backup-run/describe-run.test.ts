import assert from "node:assert/strict";
import { test } from "node:test";
import type { BackupRun } from "@mycloud/protocol/backup-run";
import { describeRun } from "./describe-run.ts";

const run: BackupRun = {
  id: 1,
  runId: "0b0e0cb8-6ad5-4f6c-8d6e-0d2d4b3a9a10",
  repositoryId: 1,
  hostId: 1,
  hostName: "web1",
  policyName: "home",
  trigger: "schedule",
  phase: "done",
  startedAtMs: 0,
  finishedAtMs: 65_000,
  durationSeconds: 65,
  snapshots: [],
  figures: { filesNew: 3, filesChanged: 1, filesUnmodified: 9, dataAddedPackedBytes: 2048, totalBytes: 5000 },
  deduplicationRatio: null,
  compressionRatio: null,
  unreadableCount: 0,
  message: null,
  agentVersion: "1",
  progress: null,
};

test("a run is OK with its figures", () => {
  assert.deepEqual(describeRun(run), {
    returnCode: 0,
    output:
      "BACKUP RUN OK - 3 files new, 1 changed, 9 unmodified; 2.0 KiB added in 1 min 5 s | duration=65s;;;0 files_new=3;;;0 files_changed=1;;;0 files_unmodified=9;;;0 size=5000B;;;0 added=2048B;;;0 unreadable=0;0;;0",
  });
});

test("files that could not be read are a WARNING, a failure is CRITICAL with its words", () => {
  assert.match(
    describeRun({ ...run, unreadableCount: 1 })?.output ?? "",
    /^BACKUP RUN WARNING - 1 file could not be read;/,
  );
  const failed = describeRun({ ...run, phase: "failed", message: "no space | left\non device" });
  assert.equal(failed?.returnCode, 2);
  assert.match(failed?.output ?? "", /^BACKUP RUN CRITICAL - failed: no space {3}left on device \| duration/);
});

test("a run that was cancelled, or goes on, says nothing of how backups fare", () => {
  assert.equal(describeRun({ ...run, phase: "cancelled" }), null);
  assert.equal(describeRun({ ...run, phase: "backing-up" }), null);
});
