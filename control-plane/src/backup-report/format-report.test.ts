import assert from "node:assert/strict";
import { test } from "node:test";
import { BackupRepository } from "@mycloud/protocol/backup-repository";
import { reportHeading, reportLine } from "./format-report.ts";

const repository = BackupRepository.parse({
  id: 1,
  hostId: 1,
  hostName: "=web1",
  customer: "a,b",
  policyId: 1,
  policyName: "home",
  isAssigned: true,
  storageName: "local",
  path: "-/web1/home",
  keyMode: "managed",
  assignedAtMs: 0,
  lastSnapshotAtMs: Date.UTC(2026, 10, 23, 2),
  lastSnapshotId: null,
  lastRunId: null,
  lastRunPhase: null,
  lastRunFinishedAtMs: null,
  rpoSeconds: 3600,
  rtoSeconds: null,
  freshness: "OK",
  quotaBytes: 0,
  createdAtMs: 0,
});

test("a line has as many fields as the heading, and nothing that a spreadsheet would calculate", () => {
  const line = reportLine(repository);
  assert.ok(line.startsWith(`'=web1,"a,b",home,yes,managed,OK,2026-11-23T02:00:00.000Z,3600,`), line);
  assert.equal(line.replace('"a,b"', "").split(",").length, reportHeading().split(",").length);
  assert.ok(line.endsWith("\r\n"));
});
