// What a scrape of the agent costs, beside Debian's node_exporter on the same machine in the same run: `npm run bench:metrics`, under a minute.
//
//   npm run bench:metrics -- --rounds 6 --scrapes 50
//
// The agent is that of `mycloud up`, with its checks; node_exporter runs with the collectors that it leaves out by default and the agent does not.
// Rounds of both alternate. Processor time is the process's own, over scrapes one after the other on one connection, gzip as Prometheus asks for it;
// what the agent does meanwhile for its checks is counted with it. Progress goes to stderr; stdout is the Markdown for docs/benchmarks.md.
import { readFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { startNodeExporter } from "../test/peers/node-exporter.ts";
import { descendantsOf, freePort, listProcesses, startUp, waitFor } from "../test/support/index.ts";
import { createCleanup } from "./ingest/cleanup.ts";
import { describeMachine } from "./ingest/describe-machine.ts";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "6" }, scrapes: { type: "string", default: "50" } },
});
const rounds = Number(values.rounds);
const scrapes = Number(values.scrapes);
const cleanup = createCleanup();
const connections = new Agent({ keepAlive: true, maxSockets: 1 });

function scrape(url: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    get(url, { agent: connections, headers: { "Accept-Encoding": "gzip" } }, (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("end", () => resolve(Buffer.concat(pieces)));
    }).on("error", reject);
  });
}

/** Processor time of a process in milliseconds, all its threads together; the kernel counts it in steps of ten. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function memoryMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

interface Measured {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  readonly cpu: number[];
  readonly wall: number[];
  restMb: number;
}

async function measure(target: Measured): Promise<void> {
  const before = cpuMs(target.pid);
  for (let index = 0; index < scrapes; index++) {
    const startedAt = performance.now();
    await scrape(target.url);
    target.wall.push(performance.now() - startedAt);
  }
  target.cpu.push((cpuMs(target.pid) - before) / scrapes);
}

try {
  const port = await freePort();
  const up = await startUp(cleanup, { env: { MYCLOUD_AGENT_METRICS: `127.0.0.1:${port}` } });
  const url = `http://127.0.0.1:${port}/metrics`;
  await waitFor(
    async () => (await fetch(url, { method: "HEAD" }).catch(() => undefined))?.ok === true,
    60_000,
    "the agent",
  );
  const ours = new Set(descendantsOf(up.process.pid));
  const agent = listProcesses().find(({ pid, command }) => ours.has(pid) && / agent run\b/.test(command));
  if (agent === undefined) throw new Error("the agent's process is not to be found");
  const exporter = await startNodeExporter(cleanup);
  // The checks of a new host have run once, and nothing else is being set up.
  await sleep(5_000);
  const targets: Measured[] = [
    { name: "MyCloud agent", url, pid: agent.pid, cpu: [], wall: [], restMb: memoryMb(agent.pid) },
    { name: "node_exporter 1.5", ...exporter, cpu: [], wall: [], restMb: memoryMb(exporter.pid) },
  ];
  for (let round = 0; round < rounds; round++) {
    for (const target of targets) await measure(target);
    process.stderr.write(`round ${round + 1}: ${targets.map(({ cpu }) => cpu.at(-1)?.toFixed(1)).join(" / ")} ms\n`);
  }
  console.log(describeMachine());
  console.log(
    "\n| program | CPU ms/scrape | wall ms p50 | wall ms p99 | RSS MiB before | RSS MiB after | lines | bytes gzip |",
  );
  console.log("| --- | --- | --- | --- | --- | --- | --- | --- |");
  for (const { name, url: address, pid, cpu, wall, restMb } of targets) {
    const packed = await scrape(address);
    const lines = gunzipSync(packed).toString().split("\n").length - 1;
    const slow = wall.toSorted((a, b) => a - b)[Math.floor(wall.length * 0.99)] ?? 0;
    const cells = [median(cpu), median(wall), slow, restMb, memoryMb(pid)].map((figure) => figure.toFixed(1));
    console.log(`| ${[name, ...cells, lines, packed.length].join(" | ")} |`);
  }
  const ratios = targets[0]?.cpu.map((own, index) => own / (targets[1]?.cpu[index] ?? Number.NaN)) ?? [];
  console.log(
    `\nProcessor time of the agent's scrapes over node_exporter's, median of ${rounds} rounds: ${median(ratios).toFixed(2)}.`,
  );
} finally {
  connections.destroy();
  await cleanup.run();
}
