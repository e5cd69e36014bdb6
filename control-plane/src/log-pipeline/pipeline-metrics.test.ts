import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogPipelineReport } from "@mycloud/protocol/log-source";
import { Registry } from "prom-client";
import { createLogPipelines } from "./pipeline-metrics.ts";

function report(changes: Partial<LogPipelineReport> = {}, destination: object = {}): LogPipelineReport {
  return {
    isRunning: true,
    startedAtMs: 1,
    restarts: 0,
    fault: null,
    sources: 1,
    faultySources: [],
    lagBytes: 0,
    lines: 0,
    records: 0,
    parseFailures: 0,
    filtered: 0,
    suppressed: 0,
    redacted: 0,
    patternTimeouts: 0,
    polledDirectories: 0,
    refused: 0,
    notices: [],
    lost: 0,
    destinations: [
      {
        name: "control-plane",
        chunks: 0,
        bytes: 0,
        maximumBytes: 1000,
        oldestAtMs: null,
        shippedRecords: 0,
        droppedRecords: 0,
        refusedRecords: 0,
        isConnected: true,
        lastError: null,
        ...destination,
      },
    ],
    ...changes,
  };
}

function start() {
  let nowMs = 1_000_000;
  const registry = new Registry();
  const pipelines = createLogPipelines({ registry, now: () => nowMs });
  const metric = async (name: string, labels = "") => {
    const line = (await registry.metrics()).split("\n").find((one) => one.startsWith(`${name}${labels} `));
    return line === undefined ? undefined : Number(line.split(" ").at(-1));
  };
  return {
    pipelines,
    metric: (name: string, labels?: string) => metric(`mycloud_log_pipeline_${name}`, labels),
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

test("sums and the worst over all hosts are told, whichever hosts they are", async () => {
  const { pipelines, metric } = start();
  pipelines.note(3, report({ polledDirectories: 2, refused: 1 }));
  assert.deepEqual([await metric("polled_directories"), await metric("refused_files")], [2, 1]);
  pipelines.note(3, undefined);
  pipelines.note(1, report({ lagBytes: 5 }, { bytes: 100, oldestAtMs: 990_000 }));
  pipelines.note(2, report({ lagBytes: 7, isRunning: false }, { bytes: 900, oldestAtMs: 940_000 }));
  assert.deepEqual([await metric("hosts"), await metric("faulty_hosts")], [2, 1]);
  assert.deepEqual([await metric("lag_bytes"), await metric("queue_bytes")], [12, 1000]);
  assert.deepEqual([await metric("worst_queue_fill_ratio"), await metric("worst_age_seconds")], [0.9, 60]);
});

test("counters grow by what is new, from nothing when a shipper was started anew, and never by what was counted before", async () => {
  const { pipelines, metric } = start();
  pipelines.note(1, report({ lines: 500 }, { droppedRecords: 9 }));
  assert.equal(await metric("lines_total"), 0);
  pipelines.note(1, report({ lines: 700, lost: 1 }, { droppedRecords: 12 }));
  assert.equal(await metric("lines_total"), 200);
  pipelines.note(1, report({ lines: 30, startedAtMs: 2 }));
  assert.equal(await metric("lines_total"), 230);
  assert.equal(await metric("lost_total", '{reason="queue-full"}'), 3);
  assert.equal(await metric("lost_total", '{reason="vanished"}'), 1);
  pipelines.note(1, report({ lines: 30, startedAtMs: 2, patternTimeouts: 4 }));
  assert.equal(await metric("pattern_timeouts_total"), 4);
});

test("a host whose agent is silent, or reads no logs any more, counts no more", async () => {
  const { pipelines, metric, pass } = start();
  pipelines.note(1, report());
  pipelines.note(2, report());
  pipelines.note(2, undefined);
  assert.equal(await metric("hosts"), 1);
  pass(16 * 60_000);
  assert.equal(await metric("hosts"), 0);
});
