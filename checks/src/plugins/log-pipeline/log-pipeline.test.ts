import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { LogDestinationStatus, LogPipelineStatus, LogSourceStatus } from "@mycloud/protocol/log-source";
import type { AgentStatus } from "../../plugin/agent-status.ts";
import { parseAgentStatus } from "../agent/status-file.ts";
import { runInTest } from "../run-in-test.ts";

const NOW = 1_700_000_000_000;
const now = () => NOW;

const source: LogSourceStatus = {
  name: "access log",
  files: 3,
  lagBytes: 0,
  lines: 1_000,
  records: 990,
  parseFailures: 2,
  filtered: 10,
  suppressed: 1,
  redacted: 0,
  refused: 0,
  lost: 0,
  patternTimeouts: 0,
  polledDirectories: 0,
  unread: [],
  notices: [],
  fault: null,
};
const destination: LogDestinationStatus = {
  name: "control-plane",
  chunks: 1,
  bytes: 2_000,
  maximumBytes: 100_000,
  oldestAtMs: NOW - 3_000,
  shippedRecords: 900,
  droppedRecords: 0,
  refusedRecords: 0,
  isConnected: true,
  lastAcknowledgedAtMs: NOW - 1_000,
  lastError: null,
};
const well: LogPipelineStatus = {
  pid: 7,
  startedAtMs: NOW - 60_000,
  restarts: 0,
  fault: null,
  sources: [source],
  destinations: [destination],
};

function agentWith(logs: LogPipelineStatus | undefined): AgentStatus {
  return {
    version: "0.1.0",
    startedAtMs: NOW - 3_600_000,
    writtenAtMs: NOW - 1_000,
    controlPlaneUrl: null,
    lastContactAtMs: null,
    lastError: null,
    clockOffsetSeconds: null,
    configurationConfirmedAtMs: NOW,
    spooledBatches: 0,
    spooledBytes: 0,
    oldestSpooledAtMs: null,
    droppedBatches: 0,
    ...(logs === undefined ? {} : { logs }),
  };
}

describe("log-pipeline", () => {
  const table: [string, LogPipelineStatus | undefined, string][] = [
    ["a healthy pipeline", well, "LOG_PIPELINE OK - 1 source, 1000 lines read, 2 KiB wait, the oldest for 3 s"],
    ["an agent without logs", undefined, "LOG_PIPELINE UNKNOWN - this agent reads no logs"],
    [
      "a destination that is away",
      {
        ...well,
        destinations: [{ ...destination, oldestAtMs: NOW - 300_000, lastError: "connect ECONNREFUSED" }],
      },
      "LOG_PIPELINE WARNING - control-plane has not taken logs of 5 min ago (connect ECONNREFUSED) (warning above 120)",
    ],
    [
      "a queue that is nearly full",
      { ...well, destinations: [{ ...destination, bytes: 95_000 }] },
      "LOG_PIPELINE CRITICAL - the queue for control-plane is 95% full (critical above 90)",
    ],
    [
      "a shipper that does not stay up",
      { ...well, pid: null, fault: "the log shipper ended with SIGKILL" },
      "LOG_PIPELINE CRITICAL - the log shipper ended with SIGKILL",
    ],
    [
      "a source that cannot be read",
      { ...well, sources: [{ ...source, fault: "EACCES" }] },
      "LOG_PIPELINE WARNING - access log: EACCES",
    ],
    [
      "files that are not read",
      {
        ...well,
        sources: [{ ...source, refused: 12, unread: ["/var/log/a may not be read", "/var/log/b is a FIFO"] }],
      },
      "LOG_PIPELINE WARNING - access log: /var/log/a may not be read, and 11 files more",
    ],
    [
      "directories that cannot be watched",
      {
        ...well,
        sources: [{ ...source, polledDirectories: 3, notices: ["3 directories are looked at every second"] }],
      },
      "LOG_PIPELINE OK - 1 source, 1000 lines read, 2 KiB wait, the oldest for 3 s, 1 notice",
    ],
  ];
  for (const [name, logs, output] of table) {
    test(`describes ${name}`, async () => {
      assert.equal((await runInTest("log-pipeline", "", { now, agent: agentWith(logs) })).output, output);
    });
  }

  test("is CRITICAL for records lost since the last run, also when the shipper was started anew, and well again then", async () => {
    const memory = new Map<string, unknown>();
    const run = async (droppedRecords: number) => {
      const agent = agentWith({ ...well, destinations: [{ ...destination, droppedRecords }] });
      return (await runInTest("log-pipeline", "", { now, memory, agent })).returnCode;
    };
    assert.deepEqual(
      [await run(0), await run(5), await run(5), await run(2), await run(2), await run(0)],
      [0, 2, 0, 2, 0, 0],
    );
  });

  test("tells notices in further lines, and what they count as perfdata", async () => {
    const noticed = { ...source, polledDirectories: 3, patternTimeouts: 2, notices: ["one", "two"] };
    const result = await runInTest("log-pipeline", "", { now, agent: agentWith({ ...well, sources: [noticed] }) });
    assert.equal(result.longOutput, "access log: one\naccess log: two");
    const perfdata = Object.fromEntries(result.perfdata.map(({ label, value }) => [label, value]));
    assert.deepEqual([perfdata.pattern_timeouts, perfdata.polled_directories], [2, 3]);
  });

  test("the status of logs survives the status file", () => {
    assert.deepEqual(parseAgentStatus(JSON.stringify(agentWith(well)))?.logs, well);
  });
});
