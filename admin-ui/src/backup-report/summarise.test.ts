import assert from "node:assert/strict";
import { test } from "node:test";
import { BackupRepository } from "@mycloud/protocol/backup-repository";
import { summarise } from "./summarise.ts";

const repository = (change: object) =>
  BackupRepository.parse({
    id: 1,
    hostId: 1,
    hostName: "web1",
    customer: null,
    policyId: 1,
    policyName: "home",
    isAssigned: true,
    storageName: "local",
    path: "-/web1/home",
    keyMode: "managed",
    assignedAtMs: 0,
    lastSnapshotAtMs: 1,
    lastSnapshotId: null,
    lastRunId: null,
    lastRunPhase: null,
    lastRunFinishedAtMs: null,
    rpoSeconds: 3600,
    rtoSeconds: null,
    freshness: "OK",
    createdAtMs: 0,
    ...change,
  });

test("what is late, never backed up or not promised anything is told apart", () => {
  const summary = summarise(
    [
      repository({ usedBytes: 5 }),
      repository({ freshness: "WARNING", usedBytes: 7 }),
      repository({ freshness: "CRITICAL", lastSnapshotAtMs: null }),
      repository({ rpoSeconds: null, freshness: "none" }),
    ],
    10,
  );
  assert.deepEqual(summary, { total: 4, withRpo: 3, fresh: 2, drilled: 0, damaged: 0, never: 1, usedBytes: 12 });
});
