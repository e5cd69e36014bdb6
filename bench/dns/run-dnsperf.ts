import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What one run of dnsperf found. */
export interface DnsperfResult {
  readonly queriesPerSecond: number;
  /** Queries without an answer. */
  readonly lost: number;
}

export interface DnsperfOptions {
  readonly port: number;
  readonly queryFile: string;
  readonly seconds: number;
  readonly hasEdns: boolean;
}

/** Asks as fast as answers come: eight sockets, a hundred questions under way. */
export async function runDnsperf(options: DnsperfOptions): Promise<DnsperfResult> {
  const { stdout } = await run("dnsperf", [...argumentsFor(options), "-q", "100"]);
  return { queriesPerSecond: figure(stdout, /Queries per second:\s+([\d.]+)/), lost: lostIn(stdout) };
}

/** Latencies in milliseconds at a steady rate, each query's written down. */
export interface LatencyResult {
  readonly p50: number;
  readonly p99: number;
  readonly lost: number;
}

export async function measureLatency(options: DnsperfOptions, queriesPerSecond: number): Promise<LatencyResult> {
  const file = `${options.queryFile}.latencies`;
  // Into a file: who reads along would take the processor from those who are measured.
  const output = await open(file, "w");
  try {
    const args = [...argumentsFor(options), "-Q", String(queriesPerSecond), "-v"];
    const child = spawn("dnsperf", args, { stdio: ["ignore", output.fd, "ignore"] });
    await once(child, "close");
  } finally {
    await output.close();
  }
  const text = await readFile(file, "utf8");
  const latencies: number[] = [];
  for (const [, seconds] of text.matchAll(/^> \S+ .* ([\d.]+)$/gm)) latencies.push(Number(seconds) * 1000);
  if (latencies.length === 0) throw new Error(`dnsperf told no latencies:\n${text.slice(0, 2000)}`);
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), lost: lostIn(text) };
}

function argumentsFor({ port, queryFile, seconds, hasEdns }: DnsperfOptions): string[] {
  const common = ["-s", "127.0.0.1", "-p", String(port), "-d", queryFile, "-l", String(seconds), "-c", "8", "-T", "1"];
  return hasEdns ? [...common, "-e"] : common;
}

function lostIn(output: string): number {
  return figure(output, /Queries lost:\s+(\d+)/);
}

function figure(output: string, pattern: RegExp): number {
  const text = pattern.exec(output)?.[1];
  if (text === undefined) throw new Error(`dnsperf said nothing of ${pattern}:\n${output.slice(0, 2000)}`);
  return Number(text);
}
