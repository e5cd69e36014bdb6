import assert from "node:assert/strict";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import {
  type Cleanup,
  descendantsOf,
  freePort,
  listProcesses,
  startInstance,
  temporaryDirectory,
  waitFor,
} from "../../test/support/index.ts";
import { cpuSeconds, residentMiB } from "../ingest/process-cost.ts";

/** What watching files costs that nobody writes to. */
export interface MeasuredIdle {
  /** Of a core. */
  readonly shipperPercent: number;
  readonly agentPercent: number;
  readonly shipperMiB: number;
  readonly agentMiB: number;
}

const settlingMs = 5_000;

/** Lets a started product read that many files, and then leaves them alone. */
export async function measureIdle(cleanup: Cleanup, files: number, seconds: number): Promise<MeasuredIdle> {
  const directory = await temporaryDirectory("idle");
  const stateDir = await temporaryDirectory("up");
  await mkdir(join(stateDir, "agent"), { mode: 0o700 });
  await writeFile(join(stateDir, "agent/policy.yaml"), `logRoots: ["${directory}"]\n`);
  const env = { MYCLOUD_FORWARD: `127.0.0.1:${await freePort()}`, MYCLOUD_SYSLOG: "off" };
  const mycloud = await startInstance(cleanup, { stateDir, env });
  const source = {
    kind: "LogSource",
    name: "idle",
    spec: {
      selector: { hosts: [hostname()] },
      input: { type: "file", paths: [`${directory}/*.log`], startAt: "beginning" },
    },
  };
  const names = Array.from({ length: files }, (_, number) => join(directory, `${number}.log`));
  for (const name of names) await appendFile(name, "one line\n");
  const applied = await mycloud.api("POST", "/api/v1/apply", { body: { resources: [source] } });
  assert.equal(applied.status, 200, JSON.stringify(applied.body));
  const recordsCome = (count: number) =>
    waitFor(
      async () => {
        const { body } = await mycloud.api("GET", "/api/v1/logs?query=source:idle%20line&limit=1000");
        return body.records.length >= count;
      },
      60_000,
      `${count} lines`,
    );
  await recordsCome(files);
  // Written to once more, so that each is followed from where it was.
  for (const name of names) await appendFile(name, "another line\n");
  await recordsCome(files * 2);
  const processes = listProcesses();
  const ours = new Set(descendantsOf(mycloud.process().pid, processes));
  const pidOf = (script: string) =>
    processes.find(({ pid, command }) => ours.has(pid) && command.includes(script))?.pid ?? assert.fail(script);
  const shipper = [pidOf("log-pipeline/process/main.ts")];
  const agent = [await mycloud.pidOf("agent")];
  await pause(settlingMs);
  const before = [cpuSeconds(shipper), cpuSeconds(agent)] as const;
  await pause(seconds * 1000);
  const percent = (now: number, then: number) => ((now - then) / seconds) * 100;
  return {
    shipperPercent: percent(cpuSeconds(shipper), before[0]),
    agentPercent: percent(cpuSeconds(agent), before[1]),
    shipperMiB: residentMiB(shipper),
    agentMiB: residentMiB(agent),
  };
}
