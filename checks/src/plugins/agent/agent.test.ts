import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import type { AgentStatus } from "../../plugin/agent-status.ts";
import { runInTest } from "../run-in-test.ts";
import { parseAgentStatus } from "./status-file.ts";

const NOW = 1_700_000_000_000;
const now = () => NOW;
const WELL: AgentStatus = {
  version: "0.1.0",
  startedAtMs: NOW - 3_600_000,
  writtenAtMs: NOW - 1_000,
  controlPlaneUrl: "https://mycloud.example.org",
  lastContactAtMs: NOW - 5_000,
  lastError: null,
  clockOffsetSeconds: 0.2,
  configurationConfirmedAtMs: NOW - 60_000,
  spooledBatches: 0,
  spooledBytes: 0,
  oldestSpooledAtMs: null,
  droppedBatches: 0,
};

describe("agent", () => {
  const table: [string, Partial<AgentStatus>, string][] = [
    ["a healthy agent", {}, "AGENT OK - everything is delivered, control plane reached 5 s ago"],
    [
      "an agent that cannot deliver",
      {
        spooledBatches: 12,
        spooledBytes: 9_000,
        oldestSpooledAtMs: NOW - 300_000,
        lastContactAtMs: NOW - 300_000,
        lastError: "connection refused",
      },
      "AGENT WARNING - oldest undelivered batch is 5 min old (warning above 120); control plane reached 5 min ago (connection refused)",
    ],
    [
      "an agent with a stale configuration",
      { configurationConfirmedAtMs: NOW - 2 * 86_400_000 },
      "AGENT CRITICAL - configuration was last confirmed 2 d ago (critical above 86400); control plane reached 5 s ago",
    ],
    [
      "an agent that was never configured",
      { configurationConfirmedAtMs: null, lastContactAtMs: null },
      "AGENT WARNING - no configuration was ever received; control plane never reached",
    ],
    [
      "an agent that hangs",
      { writtenAtMs: NOW - 600_000 },
      "AGENT CRITICAL - the agent last wrote its status 10 min ago; it has stopped or hangs",
    ],
    [
      "an agent that dropped results some time ago",
      { droppedBatches: 3 },
      "AGENT WARNING - 3 batches of results dropped since the agent was started; control plane reached 5 s ago",
    ],
  ];
  for (const [name, changes, output] of table) {
    test(`describes ${name}`, async () => {
      assert.equal((await runInTest("agent", "", { now, agent: { ...WELL, ...changes } })).output, output);
    });
  }

  test("is CRITICAL for results dropped since the last run, and well again when no more are", async () => {
    const memory = new Map<string, unknown>();
    const run = (droppedBatches: number) => runInTest("agent", "", { now, memory, agent: { ...WELL, droppedBatches } });
    const codes = [(await run(0)).returnCode, (await run(2)).returnCode, (await run(2)).returnCode];
    assert.deepEqual(codes, [0, 2, 0]);
  });

  test("reads the status file when started by hand", async () => {
    const folder = mkdtempSync(join(tmpdir(), "mycloud-agent-"));
    after(() => rmSync(folder, { recursive: true }));
    const line = `--state-dir ${folder}`;
    assert.match(
      (await runInTest("agent", line, { now })).output,
      /^AGENT UNKNOWN - no agent status at .*no such file/,
    );
    mkdirSync(join(folder, "agent"));
    writeFileSync(join(folder, "agent/status.json"), JSON.stringify({ ...WELL, somethingNew: 1 }));
    assert.equal((await runInTest("agent", line, { now })).returnCode, 0);
    writeFileSync(join(folder, "agent/status.json"), "{");
    assert.match((await runInTest("agent", line, { now })).output, /is not an agent's status/);
  });

  test("a status survives its file", () => {
    assert.deepEqual(parseAgentStatus(JSON.stringify(WELL)), WELL);
  });
});
