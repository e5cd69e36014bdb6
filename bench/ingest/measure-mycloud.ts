import { readFile } from "node:fs/promises";
import { createDatabase, startMariadb } from "../../test/peers/mariadb.ts";
import { type Cleanup, startServer, type TestServer } from "../../test/support/index.ts";
import { percentile, sendAtFullRate, sendAtRate } from "./send-batches.ts";
import { type Condition, resultNumber, serviceCount } from "./workload.ts";

export interface Measured {
  readonly program: string;
  readonly path: string;
  readonly condition: Condition;
  readonly resultsPerSecond: number;
  /** From arrival to the commit that makes it visible, at half of that rate; milliseconds. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly memoryMiB: number | null;
  /** Processor time of the program's own process for one result, in microseconds: tells less of what else the machine does. */
  readonly cpuMicroseconds: number | null;
  readonly isDurable: boolean;
}

export interface MeasureOptions {
  readonly database: "sqlite" | "mariadb";
  readonly batchSizes: readonly number[];
  readonly seconds: number;
}

/** Measures a control plane of its own, started as users start it, on a database of its own. */
export async function measureMycloud(cleanup: Cleanup, options: MeasureOptions): Promise<Measured[]> {
  const env: Record<string, string> = { MYCLOUD_LOG_LEVEL: "warn" };
  if (options.database === "mariadb") {
    const peer = await startMariadb({ isPrivate: true });
    cleanup.after(() => peer.stop());
    env.MYCLOUD_DATABASE_URL = await createDatabase(peer.url, "mycloud_bench");
  }
  const server = await startServer(cleanup, { env });
  await prepare(server);
  const measured: Measured[] = [];
  for (const condition of ["unchanged", "flipping"] as const) {
    for (const batchSize of options.batchSizes) {
      measured.push(await measureOne(server, condition, batchSize, options));
    }
  }
  await server.stop();
  return measured;
}

/** Registers all services, and leaves nobody to be told: this is about results, and the peers notify nobody either. */
async function prepare({ api }: TestServer): Promise<void> {
  const rules = await api("GET", "/api/v1/notification-rules?perPage=1000");
  for (const { id } of rules.body.data) await api("DELETE", `/api/v1/notification-rules/${id}`);
  for (let from = 0; from < serviceCount; from += 2500) {
    const body = Array.from({ length: 2500 }, (_, index) => resultNumber(from + index, "unchanged"));
    const answer = await api("POST", "/api/v1/check-results", { body });
    if (answer.body.accepted !== 2500) throw new Error(`registering failed: ${JSON.stringify(answer.body)}`);
  }
}

async function measureOne(
  server: TestServer,
  condition: Condition,
  batchSize: number,
  { database, seconds }: MeasureOptions,
): Promise<Measured> {
  const target = { url: server.url, token: server.operatorToken };
  const bodies = bodiesOf(condition, batchSize);
  const connections = batchSize === 1 ? 64 : 8;
  await sendAtFullRate(target, bodies, batchSize, connections, Math.min(3, seconds));
  const { pid } = server.process();
  const cpuBefore = await cpuSeconds(pid);
  const full = await sendAtFullRate(target, bodies, batchSize, connections, seconds);
  const cpuUsed = (await cpuSeconds(pid)) - cpuBefore;
  const resultsPerSecond = full.results / full.seconds;
  const half = await sendAtRate(target, bodies, batchSize, resultsPerSecond / 2, seconds);
  return {
    program: `MyCloud, ${database}`,
    path: `HTTP, ${batchSize} a request`,
    condition,
    resultsPerSecond,
    p50Ms: percentile(half.latencies, 0.5),
    p99Ms: percentile(half.latencies, 0.99),
    memoryMiB: await residentMiB(pid),
    cpuMicroseconds: (cpuUsed / full.results) * 1e6,
    isDurable: true,
  };
}

/** Two rounds over all services, so that sent again and again every service flips every round. */
function bodiesOf(condition: Condition, batchSize: number): Buffer[] {
  const bodies: Buffer[] = [];
  for (let from = 0; from < 2 * serviceCount; from += batchSize) {
    const batch = Array.from({ length: batchSize }, (_, index) => resultNumber(from + index, condition));
    bodies.push(Buffer.from(JSON.stringify(batch)));
  }
  return bodies;
}

async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}

/** User and system time a process has used (proc(5), stat, in ticks of 10 ms). */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
