// Answers a second and their latency, beside BIND and Knot on the same machine in the same run: `npm run bench:dns`, about four minutes.
//
//   npm run bench:dns -- --rounds 5 --seconds 4
//   npm run bench:dns -- --only load            a zone of 1,000,000 records: time and memory
//
// named with one thread, knotd with one UDP worker, ours with one worker and with two; rounds alternate, each ratio is of one round. Ours runs with its
// access list, response-rate limiting (with limits that are not reached), cookies and metrics on. dnsperf takes a core of its own, so that on two cores
// what two workers can do is understated. Progress goes to stderr; stdout is the Markdown for docs/benchmarks.md.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startKnot, startNamed } from "../test/peers/name-servers.ts";
import { writeBenchQueries, writeBenchZone } from "./dns/bench-zone.ts";
import { processorSeconds, residentMegabytes, startOwnServer } from "./dns/own-server.ts";
import { measureLatency, runDnsperf } from "./dns/run-dnsperf.ts";
import { createCleanup } from "./ingest/cleanup.ts";
import { describeMachine } from "./ingest/describe-machine.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "4" },
    hosts: { type: "string", default: "1000" },
    records: { type: "string", default: "1000000" },
    only: { type: "string" },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const latencyRate = 20_000;
const cleanup = createCleanup();
const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

/** A server that is measured, and what was found. */
interface Contestant {
  readonly name: string;
  readonly port: number;
  cpuSeconds(): number;
  megabytes(): number;
  readonly plain: number[];
  readonly edns: number[];
  readonly cpuMicroseconds: number[];
  lost: number;
}

async function startContestants(directory: string): Promise<Contestant[]> {
  const zone = await writeBenchZone(directory, Number(values.hosts));
  const found = () => ({ plain: [], edns: [], cpuMicroseconds: [], lost: 0 });
  const named = await startNamed(directory, [zone]);
  cleanup.after(() => named.stop());
  const knot = await startKnot(directory, [zone]);
  cleanup.after(() => knot.stop());
  const contestants: Contestant[] = [named, knot].map(({ program, port, pid }) => ({
    name: program === "named" ? "named -n 1" : "knotd, one UDP worker",
    port,
    cpuSeconds: () => processorSeconds(pid),
    megabytes: () => residentMegabytes(pid),
    ...found(),
  }));
  for (const workers of [1, 2]) {
    const own = await startOwnServer(directory, zone, workers);
    cleanup.after(async () => void (await own.process.stop()));
    const { port, cpuSeconds, megabytes } = own;
    contestants.push({ name: `MyCloud, ${workers} worker(s)`, port, cpuSeconds, megabytes, ...found() });
  }
  return contestants;
}

async function measureThroughput(directory: string): Promise<void> {
  const contestants = await startContestants(directory);
  const queryFile = await writeBenchQueries(directory, Number(values.hosts));
  for (const { port } of contestants) await runDnsperf({ port, queryFile, seconds: 1, hasEdns: true });
  for (let round = 1; round <= rounds; round += 1) {
    for (const contestant of contestants) {
      const { port } = contestant;
      const plain = await runDnsperf({ port, queryFile, seconds, hasEdns: false });
      const before = contestant.cpuSeconds();
      const edns = await runDnsperf({ port, queryFile, seconds, hasEdns: true });
      const cpu = (contestant.cpuSeconds() - before) / (edns.queriesPerSecond * seconds);
      contestant.plain.push(plain.queriesPerSecond);
      contestant.edns.push(edns.queriesPerSecond);
      contestant.cpuMicroseconds.push(cpu * 1e6);
      contestant.lost += plain.lost + edns.lost;
      process.stderr.write(`round ${round}: ${contestant.name}: ${Math.round(edns.queriesPerSecond)} with EDNS\n`);
    }
  }
  const latencies = new Map<string, string>();
  for (const { name, port } of contestants) {
    const { p50, p99, lost } = await measureLatency({ port, queryFile, seconds, hasEdns: true }, latencyRate);
    latencies.set(name, `${p50.toFixed(2)} | ${p99.toFixed(2)} | ${lost}`);
  }
  const named = contestants[0];
  const ratio = (list: readonly number[], base: readonly number[] | undefined) =>
    median(list.map((value, round) => value / (base?.[round] ?? Number.NaN))).toFixed(2);
  const head = [
    ...["server", "queries/s", "of named", "with EDNS", "of named", "CPU us/query", "MB", "lost"],
    ...[`p50 ms at ${latencyRate}/s`, "p99 ms", "lost"],
  ];
  print([head, head.map(() => "---")]);
  for (const one of contestants) {
    const cells = [
      ...[one.name, whole(median(one.plain)), ratio(one.plain, named?.plain)],
      ...[whole(median(one.edns)), ratio(one.edns, named?.edns), median(one.cpuMicroseconds).toFixed(1)],
      ...[whole(one.megabytes()), String(one.lost), latencies.get(one.name) ?? ""],
    ];
    print([cells]);
  }
}

async function measureLoading(directory: string): Promise<void> {
  const records = Number(values.records);
  const zone = await writeBenchZone(directory, records);
  const own = await startOwnServer(directory, zone, 1);
  const line = `${whole(records)} records: answered after ${own.startSeconds.toFixed(1)} s`;
  process.stdout.write(`\n${line}, ${own.cpuSeconds().toFixed(1)} s of processor, ${whole(own.megabytes())} MB.\n`);
  await own.process.stop();
}

function print(rows: readonly (readonly string[])[]): void {
  for (const cells of rows) process.stdout.write(`| ${cells.join(" | ")} |\n`);
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}

process.stdout.write(`${describeMachine()}\n\n`);
const directory = await mkdtemp(join(tmpdir(), "mycloud-bench-dns-"));
cleanup.after(() => rm(directory, { recursive: true, force: true }));
try {
  if (values.only !== "load") await measureThroughput(directory);
  if (values.only !== "throughput") await measureLoading(directory);
} finally {
  await cleanup.run();
}
