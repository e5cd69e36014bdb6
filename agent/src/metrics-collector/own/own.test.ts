import assert from "node:assert/strict";
import { test } from "node:test";
import { writeExposition } from "@mycloud/protocol/exposition";
import type { Collector } from "../collector.ts";
import {
  type AgentFigures,
  createAgentCollector,
  createBackupCollector,
  createCheckCollector,
  createLogCollector,
  createProcessCollector,
  createSpoolCollector,
  type LatestResult,
} from "./index.ts";

const nowMs = 1_700_000_000_000;

async function linesOf(collector: Collector): Promise<string[]> {
  const text = writeExposition((await collector.collect([])) ?? []);
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

const result: LatestResult = {
  host: "web1",
  service: "disk",
  returnCode: 1,
  output: "DISK WARNING - 91% | /=500MB;;;; time=12ms '/ used'=91%;90;95\nmore | inodes=U",
  checkedAtMs: nowMs - 30_000,
  executionTimeSeconds: 0.25,
  latencySeconds: 0.5,
  staleAtMs: nowMs + 1,
};

test("states and perfdata of the latest results are told in base units, and what is stale is absent", async () => {
  const results: LatestResult[] = [
    result,
    { ...result, service: null, returnCode: 77, output: "UP" },
    { ...result, service: "gone", staleAtMs: nowMs - 1 },
  ];
  const lines = await linesOf(
    createCheckCollector(
      () => results,
      () => nowMs,
    ),
  );
  assert.deepEqual(lines, [
    'mycloud_check_state{host="web1",service="disk"} 1',
    'mycloud_check_state{host="web1"} 3',
    'mycloud_check_timestamp_seconds{host="web1",service="disk"} 1699999970',
    'mycloud_check_timestamp_seconds{host="web1"} 1699999970',
    'mycloud_check_execution_seconds{host="web1",service="disk"} 0.25',
    'mycloud_check_execution_seconds{host="web1"} 0.25',
    'mycloud_check_latency_seconds{host="web1",service="disk"} 0.5',
    'mycloud_check_latency_seconds{host="web1"} 0.5',
    "mycloud_check_perfdata_left_out 0",
    'mycloud_check_perfdata_bytes{host="web1",service="disk",label="/"} 524288000',
    'mycloud_check_perfdata_ratio{host="web1",service="disk",label="/ used"} 0.91',
    'mycloud_check_perfdata_seconds{host="web1",service="disk",label="time"} 0.012',
  ]);
});

test("backups tell their last run and how old the last success is", async () => {
  const lastRun = {
    phase: "failed",
    startedAtMs: nowMs - 90_000,
    finishedAtMs: nowMs - 60_000,
    totalBytes: 1000,
    addedBytes: 10,
    unreadableCount: 2,
    succeededAtMs: nowMs - 3_600_000,
  };
  const jobs = [
    { policyName: "home", repositoryId: 7, isRunning: true, isPaused: false, lastRun },
    { policyName: "new", repositoryId: 8, isRunning: false, isPaused: true, lastRun: null },
  ];
  const lines = await linesOf(
    createBackupCollector(
      () => jobs,
      () => nowMs,
    ),
  );
  const labels = '{policy="home",repository="7"}';
  for (const line of [
    `mycloud_backup_running${labels} 1`,
    `mycloud_backup_last_run_timestamp_seconds${labels} 1699999940`,
    `mycloud_backup_last_run_duration_seconds${labels} 30`,
    `mycloud_backup_last_run_success${labels} 0`,
    `mycloud_backup_last_run_size_bytes${labels} 1000`,
    `mycloud_backup_last_run_added_bytes${labels} 10`,
    `mycloud_backup_last_run_unreadable_files${labels} 2`,
    `mycloud_backup_age_seconds${labels} 3600`,
    'mycloud_backup_paused{policy="new",repository="8"} 1',
  ]) {
    assert.ok(lines.includes(line), line);
  }
  assert.ok(!lines.some((line) => line.includes("last_run") && line.includes('"new"')));
});

test("the agent tells its spool and its talk with the control plane", async () => {
  const figures: AgentFigures = {
    version: "1.2.3",
    hostName: "web1",
    startedAtMs: 0,
    connectedSinceMs: null,
    lastContactAtMs: nowMs - 5_000,
    isRefused: false,
    clockOffsetSeconds: null,
    configurationConfirmedAtMs: null,
    checks: 4,
    skippedRuns: 1,
    spooledBatches: 2,
    spooledBytes: 300,
    oldestSpooledAtMs: nowMs - 60_000,
    droppedBatches: 0,
    droppedResults: 5,
    rejectedBatches: 0,
  };
  const agent = await linesOf(createAgentCollector(() => figures));
  assert.ok(
    agent.includes('mycloud_agent_info{version="1.2.3",host="web1"} 1') && agent.includes("mycloud_agent_connected 0"),
  );
  assert.ok(!agent.some((line) => line.startsWith("mycloud_agent_clock_offset_seconds")));
  assert.deepEqual(
    await linesOf(
      createSpoolCollector(
        () => figures,
        () => nowMs,
      ),
    ),
    [
      "mycloud_spool_batches 2",
      "mycloud_spool_bytes 300",
      "mycloud_spool_oldest_age_seconds 60",
      "mycloud_spool_dropped_batches_total 0",
      "mycloud_spool_dropped_results_total 5",
      "mycloud_spool_rejected_batches_total 0",
    ],
  );
});

test("logs on their way are told by source and destination, and not at all where none are read", async () => {
  assert.deepEqual(
    await linesOf(
      createLogCollector(
        () => undefined,
        () => nowMs,
      ),
    ),
    [],
  );
  const counted = {
    lines: 9,
    records: 8,
    parseFailures: 1,
    filtered: 0,
    suppressed: 0,
    redacted: 0,
    patternTimeouts: 3,
    refused: 0,
    lost: 0,
    polledDirectories: 2,
    unread: [],
    notices: [],
  };
  const lines = await linesOf(
    createLogCollector(
      () => ({
        pid: 12,
        startedAtMs: nowMs,
        restarts: 1,
        fault: null,
        sources: [{ name: "syslog", files: 1, lagBytes: 77, ...counted, fault: null }],
        destinations: [
          {
            name: "own",
            chunks: 1,
            bytes: 100,
            maximumBytes: 1000,
            oldestAtMs: nowMs - 2_000,
            shippedRecords: 5,
            droppedRecords: 0,
            refusedRecords: 0,
            isConnected: true,
            lastAcknowledgedAtMs: null,
            lastError: null,
          },
        ],
      }),
      () => nowMs,
    ),
  );
  for (const line of [
    "mycloud_log_pipeline_up 1",
    'mycloud_log_pipeline_lag_bytes{source="syslog"} 77',
    'mycloud_log_pipeline_lines_total{source="syslog"} 9',
    'mycloud_log_pipeline_pattern_timeouts_total{source="syslog"} 3',
    'mycloud_log_pipeline_polled_directories{source="syslog"} 2',
    'mycloud_log_pipeline_queue_oldest_age_seconds{destination="own"} 2',
    'mycloud_log_pipeline_shipped_records_total{destination="own"} 5',
  ]) {
    assert.ok(lines.includes(line), line);
  }
});

test("the process tells what it costs", { skip: process.platform !== "linux" }, async () => {
  const lines = await linesOf(createProcessCollector("/proc", nowMs, () => performance.now()));
  const numberOf = (name: string) => Number(lines.find((line) => line.startsWith(`${name} `))?.split(" ")[1]);
  assert.ok(numberOf("process_cpu_seconds_total") > 0 && numberOf("process_resident_memory_bytes") > 10e6);
  assert.ok(numberOf("process_open_fds") > 2 && numberOf("process_open_fds") < numberOf("process_max_fds"));
  assert.equal(numberOf("process_start_time_seconds"), 1_700_000_000);
  assert.ok(numberOf("nodejs_eventloop_lag_seconds") >= 0);
});
