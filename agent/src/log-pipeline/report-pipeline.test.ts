import assert from "node:assert/strict";
import { test } from "node:test";
import { LogPipelineReport, type LogPipelineStatus } from "@mycloud/protocol/log-source";
import { reportPipeline } from "./report-pipeline.ts";

const source = {
  files: 1,
  lagBytes: 10,
  lines: 7,
  records: 6,
  parseFailures: 1,
  filtered: 1,
  suppressed: 2,
  redacted: 3,
  refused: 0,
  lost: 1,
  patternTimeouts: 4,
  polledDirectories: 5,
  unread: ["/var/log/secret is a directory", "u".repeat(5_000)],
  notices: ["n".repeat(5_000)],
  fault: null,
};
const destination = {
  chunks: 2,
  bytes: 100,
  maximumBytes: 1000,
  oldestAtMs: 5,
  shippedRecords: 9,
  droppedRecords: 1,
  refusedRecords: 0,
  isConnected: false,
  lastAcknowledgedAtMs: null,
};

test("a pipeline of a thousand sources that all fail is reported in a few kilobytes, and the report is one that is taken", () => {
  const status: LogPipelineStatus = {
    pid: 7,
    startedAtMs: 1,
    restarts: 0,
    fault: "f".repeat(10_000),
    sources: Array.from({ length: 1_000 }, (_, index) => ({ ...source, name: `s${index}`, fault: "x".repeat(5_000) })),
    destinations: Array.from({ length: 11 }, (_, index) => ({
      ...destination,
      name: `d${index}`,
      lastError: "y".repeat(5_000),
    })),
  };
  const report = reportPipeline(status);
  assert.ok(JSON.stringify(report).length < 16_384);
  assert.deepEqual(LogPipelineReport.parse(report), report);
  assert.deepEqual([report.patternTimeouts, report.polledDirectories], [4_000, 5_000]);
  assert.deepEqual(report.notices[0], { name: "s0", notice: "/var/log/secret is a directory" });
  assert.deepEqual([report.sources, report.lines, report.lagBytes, report.lost], [1_000, 7_000, 10_000, 1_000]);
});

test("a shipper that is not there is said not to run", () => {
  const report = reportPipeline({
    pid: null,
    startedAtMs: null,
    restarts: 3,
    fault: "ended",
    sources: [],
    destinations: [],
  });
  assert.deepEqual([report.isRunning, report.restarts, report.fault], [false, 3, "ended"]);
});
