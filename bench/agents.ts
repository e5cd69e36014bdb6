// What happens when every agent loses the control plane at once: `npm run bench:agents`. 2,000 simulated agents (real transport, tokens,
// streams; made-up results) are connected, the control plane is killed with SIGKILL, started again, and all come back together.
// BENCH_AGENTS, BENCH_OUTAGE_SECONDS, BENCH_WATCH_SECONDS and MYCLOUD_DATABASE_URL change the run. Ends with 1 when a host went DOWN.
import { setMaxListeners } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { connectDatabase } from "../control-plane/src/database/connect-database.ts";
import { createApi, freePort, type MycloudProcess, startMycloud, waitFor } from "../test/support/index.ts";
import { seedAgents } from "./agents/seed-agents.ts";
import { type Counts, type SimulatedAgent, startSimulatedAgent } from "./agents/simulated-agent.ts";

const agentCount = Number(process.env.BENCH_AGENTS ?? 2000);
const outageSeconds = Number(process.env.BENCH_OUTAGE_SECONDS ?? 10);
/** Longer than the 90 s after which a silent host counts as DOWN. */
const watchSeconds = Number(process.env.BENCH_WATCH_SECONDS ?? 120);
const resultIntervalMs = 60_000;

const stateDir = mkdtempSync(join(tmpdir(), "mycloud-bench-"));
const databaseUrl = process.env.MYCLOUD_DATABASE_URL;
const location = databaseUrl ?? join(stateDir, "mycloud.sqlite");
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
let server: MycloudProcess | undefined;

async function startServer(): Promise<void> {
  const env = { MYCLOUD_STATE_DIR: stateDir, MYCLOUD_HTTP: `127.0.0.1:${port}`, MYCLOUD_DATABASE_URL: databaseUrl };
  const started = startMycloud(["server"], { env: { ...env, MYCLOUD_LOG_LEVEL: "warn" } });
  server = started;
  await waitFor(async () => (await fetch(`${url}/readyz`)).status === 200, 60_000, "the control plane").catch(() => {
    throw new Error(`the control plane did not start: ${started.stderr()}${started.stdout()}`);
  });
}

function memoryMb(field: "VmRSS" | "VmHWM"): number {
  const status = readFileSync(`/proc/${server?.pid}/status`, "utf8");
  return Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
}

function cpuSeconds(): number {
  const fields = readFileSync(`/proc/${server?.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const seconds = (sinceMs: number) => ((performance.now() - sinceMs) / 1000).toFixed(1);
const share = (part: number) => Math.ceil(agentCount * part);

/** Tells when 50, 90 and 100 % are there. */
async function follow(what: string, sinceMs: number, count: () => number, withinMs: number): Promise<void> {
  for (const part of [0.5, 0.9, 1]) {
    await waitFor(() => count() >= share(part), withinMs, `${part * 100} % ${what} (${count()} of ${agentCount})`);
    console.log(`  ${String(part * 100).padStart(3)} % ${what} after ${seconds(sinceMs)} s`);
  }
}

const counts: Counts = {
  streams: 0,
  keepalives: 0,
  toldToWait: 0,
  delivered: 0,
  measured: 0,
  configurations: 0,
  refused: 0,
};
const stopping = new AbortController();
setMaxListeners(0, stopping.signal);

try {
  console.log(`${agentCount} agents, ${databaseUrl === undefined ? "SQLite" : "MariaDB"}, outage ${outageSeconds} s`);
  const seeded = await seedAgents(location, agentCount);
  await startServer();
  const token = readFileSync(join(stateDir, "operator-token"), "utf8").trim();
  const api = createApi(url, token);
  const check = {
    name: "bench load",
    command: "load",
    selector: { labels: { bench: "yes" } },
    checkIntervalSeconds: 60,
  };
  const created = await api("POST", "/api/v1/checks", { body: check });
  if (created.status >= 300) throw new Error(`the check was not created: ${JSON.stringify(created.body)}`);
  const countHosts = async (state: string): Promise<number> => {
    const filter = encodeURIComponent(JSON.stringify({ state }));
    return (await api("GET", `/api/v1/hosts?perPage=1&filter=${filter}`)).body.total;
  };

  console.log("first connection, all at once:");
  const firstAt = performance.now();
  const agents: SimulatedAgent[] = await Promise.all(
    seeded.map(({ agentId, key }) =>
      startSimulatedAgent({ url, agentId, key, counts, resultIntervalMs, signal: stopping.signal }),
    ),
  );
  await follow("streams open", firstAt, () => counts.streams, 180_000);
  await waitFor(async () => (await countHosts("UP")) >= agentCount, 120_000, "all hosts UP");
  console.log(`  all hosts UP after ${seconds(firstAt)} s; told to wait ${counts.toldToWait} times`);

  const quietCpu = cpuSeconds();
  await sleep(30_000);
  const quietShare = ((cpuSeconds() - quietCpu) / 30) * 100;
  console.log(`steady: ${quietShare.toFixed(0)} % of a core, ${memoryMb("VmRSS")} MB (peak ${memoryMb("VmHWM")} MB)`);

  console.log("kill -9 of the control plane:");
  const killedAtMs = Date.now();
  const toldBefore = counts.toldToWait;
  server?.kill("SIGKILL");
  await server?.ended;
  await sleep(outageSeconds * 1000);
  for (const agent of agents) agent.forget();
  const restartAt = performance.now();
  await startServer();
  console.log(`  ready after ${seconds(restartAt)} s`);
  const readyAt = performance.now();
  await Promise.all([
    follow("heard of by keepalive", readyAt, () => agents.filter((agent) => agent.isAlive).length, 180_000),
    follow("streams open", readyAt, () => counts.streams, 180_000),
  ]);
  await waitFor(() => agents.every((agent) => agent.spooled === 0), 120_000, "empty spools");
  console.log(`  spools empty after ${seconds(readyAt)} s; told to wait ${counts.toldToWait - toldBefore} times`);
  console.log(
    `  control plane: ${memoryMb("VmRSS")} MB (peak ${memoryMb("VmHWM")} MB), ${cpuSeconds().toFixed(1)} s CPU`,
  );

  const watchMs = watchSeconds * 1000 - (performance.now() - readyAt);
  if (watchMs > 0) await sleep(watchMs);
  const database = await connectDatabase(location, pino({ level: "warn" }));
  const down = await database.db
    .selectFrom("state_change")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("service_id", "is", null)
    .where("to_state", "=", "DOWN")
    .where("at_ms", ">=", killedAtMs)
    .executeTakeFirstOrThrow();
  await database.close();
  const falseDown = Number(down.count);
  const up = await countHosts("UP");
  console.log(`after ${watchSeconds} s: ${up} of ${agentCount} hosts UP, ${falseDown} false DOWN`);
  console.log(
    `results: ${counts.measured} measured, ${counts.delivered} delivered, ${counts.measured - counts.delivered} under way, ${counts.refused} refusals`,
  );
  if (falseDown > 0 || up < agentCount) process.exitCode = 1;
} finally {
  stopping.abort();
  await server?.stop();
  rmSync(stateDir, { recursive: true, force: true });
}
process.exit();
