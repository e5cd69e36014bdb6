import assert from "node:assert/strict";
import { test } from "node:test";
import type { AgentStatus } from "@mycloud/checks/plugin";
import type { ScheduledCheck } from "@mycloud/protocol/agent";
import { createProbedDevices } from "../check-execution/index.ts";
import { createLogger } from "../logger/index.ts";
import { defaultPolicy } from "../policy/index.ts";
import { createHostChecks } from "./host-check.ts";

test("a check whose program the policy refuses is UNKNOWN for a service, and no result at all for a host", async () => {
  const lines: string[] = [];
  const checks = createHostChecks({
    loadPolicy: async () => ({ policy: { ...defaultPolicy, externalPrograms: [] }, fault: undefined }),
    status: () => ({}) as AgentStatus,
    devices: createProbedDevices(() => 0),
    logger: createLogger({ level: "info", format: "text", write: (line) => lines.push(line), now: () => 0 }),
    now: () => 0,
    monotonicNow: () => 0,
  });
  const check: ScheduledCheck = {
    serviceId: 1,
    serviceName: "x",
    command: "external",
    arguments: ["/bin/true"],
    checkIntervalSeconds: 60,
    retryIntervalSeconds: 60,
    maxCheckAttempts: 1,
    timeoutSeconds: 5,
  };
  const run = (of: ScheduledCheck) => checks.run({ check: of, plannedAtMs: 0 }, 0, new AbortController().signal);
  const ofService = await run(check);
  assert.deepEqual([ofService?.returnCode, ofService?.output.slice(0, 28)], [3, "UNKNOWN - this host's policy"]);
  assert.equal(await run({ ...check, serviceId: null, serviceName: null, hostId: 7, hostName: "printer" }), null);
  assert.match(lines.join(), /a host check was not run.*printer/);
});
