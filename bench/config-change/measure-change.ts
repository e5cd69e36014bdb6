import { spawn } from "node:child_process";
import { setMaxListeners } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createDatabase, startMariadb } from "../../test/peers/mariadb.ts";
import { type Cleanup, startServer, waitFor } from "../../test/support/index.ts";
import { type Counts, startSimulatedAgent } from "../agents/simulated-agent.ts";
import { residentMiB } from "../ingest/process-cost.ts";
import type { BenchChange } from "./changes.ts";
import { checkIntervalSeconds, type EstateSize, resultsPerBatch, seedEstate } from "./estate.ts";
import { createSeconds, type Figures } from "./seconds.ts";

export interface MeasuredChange {
  readonly before: Figures;
  /** From the start of the dry run to its end. */
  readonly dryRun: Figures;
  readonly dryRunSeconds: number;
  /** From the start of `mycloud apply` until no agent fetches a configuration any more. */
  readonly during: Figures;
  readonly applySeconds: number;
  readonly settledSeconds: number;
  readonly configurations: number;
  readonly staleServices: number;
  readonly services: number;
  readonly residentMiB: number;
  readonly applyOutput: string;
  readonly table: string;
}

export interface MeasureOptions {
  readonly database: "sqlite" | "mariadb";
  readonly size: EstateSize;
  readonly quietSeconds: number;
  readonly nodeOptions?: string;
}

const program = join(import.meta.dirname, "../../bin/mycloud");

/** Starts an installation of its own whose agents send results, changes its definitions, and tells what the agents noticed. */
export async function measureChange(
  cleanup: Cleanup,
  change: BenchChange,
  options: MeasureOptions,
): Promise<MeasuredChange> {
  const { size, quietSeconds } = options;
  const directory = mkdtempSync(join(tmpdir(), "mycloud-bench-"));
  cleanup.after(async () => rmSync(directory, { recursive: true, force: true }));
  const stateDir = join(directory, "state");
  change.write(join(directory, "definitions"), size);
  let databaseUrl: string | undefined;
  if (options.database === "mariadb") {
    const peer = await startMariadb({ isPrivate: true });
    cleanup.after(() => peer.stop());
    databaseUrl = await createDatabase(peer.url, "mycloud_bench");
  }
  mkdirSync(stateDir, { mode: 0o700 });
  const agents = await seedEstate(databaseUrl ?? join(stateDir, "mycloud.sqlite"), size);
  const env = {
    MYCLOUD_LOG_LEVEL: "warn",
    MYCLOUD_DATABASE_URL: databaseUrl,
    NODE_OPTIONS: options.nodeOptions,
  };
  const server = await startServer(cleanup, { stateDir, env });

  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  cleanup.after(async () => stopping.abort());
  const seconds = createSeconds(() => performance.now());
  const counts: Counts = {
    streams: 0,
    keepalives: 0,
    toldToWait: 0,
    delivered: 0,
    measured: 0,
    configurations: 0,
    refused: 0,
  };
  const resultIntervalMs = (checkIntervalSeconds * 1000 * resultsPerBatch) / size.checks;
  await Promise.all(
    agents.map(({ agentId, key }, index) =>
      startSimulatedAgent({
        url: server.url,
        agentId,
        key,
        counts,
        resultIntervalMs,
        resultsPerBatch,
        phaseMs: (index / size.hosts) * resultIntervalMs,
        onDelivered: seconds.noteResults,
        signal: stopping.signal,
      }),
    ),
  );
  const watch = setInterval(() => {
    void readStallMs(server.url).then(seconds.noteStall, () => undefined);
  }, 1000);
  cleanup.after(async () => clearInterval(watch));
  await waitFor(() => counts.configurations >= size.hosts && counts.streams >= size.hosts, 60_000, "all agents");
  // Each has sent once, and what the start left to do is done.
  await sleep(resultIntervalMs + 2_000);

  const quietAt = seconds.elapsed();
  await sleep(quietSeconds * 1000);
  const dryRunAt = seconds.elapsed();
  await runApply(stateDir, join(directory, "definitions"), ["--dry-run"]);
  const dryRunEndedAt = seconds.elapsed();
  await sleep(2_000);
  const known = counts.configurations;
  const appliedAt = seconds.elapsed();
  const applyOutput = await runApply(stateDir, join(directory, "definitions"), []);
  const applyEndedAt = seconds.elapsed();
  await settle(() => counts.configurations);
  const settledAt = seconds.elapsed();
  await sleep(2_000);
  const total = async (filter: object) =>
    (await server.api("GET", `/api/v1/services?perPage=1&filter=${encodeURIComponent(JSON.stringify(filter))}`)).body
      .total;
  return {
    before: seconds.between(quietAt, dryRunAt),
    dryRun: seconds.between(dryRunAt, dryRunEndedAt + 1),
    dryRunSeconds: dryRunEndedAt - dryRunAt,
    during: seconds.between(appliedAt, settledAt + 1),
    applySeconds: applyEndedAt - appliedAt,
    settledSeconds: settledAt - appliedAt,
    configurations: counts.configurations - known,
    staleServices: await total({ isStale: true }),
    services: await total({}),
    residentMiB: residentMiB([server.process().pid]),
    applyOutput,
    table: seconds.table(quietAt),
  };
}

/** Until nothing new has come for three seconds. */
async function settle(count: () => number): Promise<void> {
  for (let last = -1, quiet = 0; quiet < 3; ) {
    await sleep(1000);
    quiet = count() === last ? quiet + 1 : 0;
    last = count();
  }
}

/** The command as a person types it; as it would run on another machine, it gives way to what is measured. */
async function runApply(stateDir: string, definitions: string, flags: readonly string[]): Promise<string> {
  const child = spawn("nice", ["-n", "19", program, "apply", "-f", definitions, "--state-dir", stateDir, ...flags]);
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-2000);
  });
  child.stderr.on("data", (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-2000);
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  const last = output.trim().split("\n").at(-1) ?? "";
  if (code !== 0) throw new Error(`mycloud apply ended with ${code}: ${output}`);
  return last;
}

async function readStallMs(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^nodejs_eventloop_lag_max_seconds (\S+)/m.exec(text)?.[1] ?? 0) * 1000;
}
