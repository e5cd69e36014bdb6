import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { MessagePackWriter, writeEntry } from "@mycloud/protocol/fluent-forward";
import { LogJobDestination } from "@mycloud/protocol/log-source";
import { openForwardConnection } from "../../agent/src/log-shipping/forward-connection.ts";
import {
  type Cleanup,
  descendantsOf,
  freePort,
  listProcesses,
  startServer,
  type TestServer,
} from "../../test/support/index.ts";
import { cpuSeconds } from "../ingest/process-cost.ts";
import { createRecordMaker } from "./made-records.ts";
import { peakMegabytes } from "./process-figures.ts";

/** What it took a control plane to take lines in, until all of them were acknowledged: stored durably, and searchable. */
export interface MeasuredReceiving {
  readonly lines: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  readonly diskBytesPerLine: number;
  readonly textBytesPerLine: number;
}

interface Chunk {
  readonly id: string;
  readonly records: number;
  readonly body: Buffer;
}

const linesInChunk = 2_000;
const chunksAtOnce = 8;
const secret = "the key of the benchmark";

/** Sends lines to a control plane of its own by Forward, as an agent does: compressed chunks, several unanswered at a time. */
export async function measureReceiving(cleanup: Cleanup, lines: number): Promise<MeasuredReceiving> {
  const { chunks, textBytes } = makeChunks(lines);
  const port = await freePort();
  const server = await startServer(cleanup, {
    env: { MYCLOUD_FORWARD: `127.0.0.1:${port}`, MYCLOUD_SYSLOG: "off", MYCLOUD_LOG_LEVEL: "warn" },
  });
  const sender = { kind: "LogSender", name: "bench", spec: { protocols: ["forward"], secret } };
  const applied = await server.api("POST", "/api/v1/apply", { body: { resources: [sender] } });
  assert.equal(applied.status, 200, JSON.stringify(applied.body));
  const pids = processesOf(server);
  const cpuBefore = cpuSeconds(pids);
  const start = performance.now();
  await sendAll(port, chunks);
  const seconds = (performance.now() - start) / 1000;
  const cpu = cpuSeconds(pids) - cpuBefore;
  const peak = Math.max(...pids.map(peakMegabytes));
  assert.equal(await storedLines(server), lines);
  await server.stop();
  return {
    lines,
    seconds,
    cpuSeconds: cpu,
    peakMegabytes: peak,
    diskBytesPerLine: sizeOf(join(server.stateDir, "logs")) / lines,
    textBytesPerLine: textBytes / lines,
  };
}

/** An hour's lines until now, made and compressed before anything is measured. */
function makeChunks(lines: number): { readonly chunks: readonly Chunk[]; readonly textBytes: number } {
  const make = createRecordMaker(4711);
  const hourUs = 3_600_000_000;
  // All of one day, whatever time it is now.
  const startUs = Math.max(Date.now() * 1000 - hourUs, new Date().setUTCHours(0, 0, 0, 0) * 1000);
  const stepUs = (Date.now() * 1000 - startUs) / lines;
  const writer = new MessagePackWriter(1024 * 1024);
  const chunks: Chunk[] = [];
  let textBytes = 0;
  for (let from = 0; from < lines; from += linesInChunk) {
    const until = Math.min(lines, from + linesInChunk);
    writer.clear();
    for (let number = from; number < until; number++) {
      const { timeUs, host, service, severity, facility, message, fields } = make(
        Math.floor(startUs + number * stepUs),
      );
      writeEntry(writer, timeUs, { message, host, service, severity, facility, ...fields });
      textBytes += message.length;
    }
    chunks.push({ id: `bench-${from}`, records: until - from, body: gzipSync(writer.view(), { level: 1 }) });
  }
  return { chunks, textBytes };
}

async function sendAll(port: number, chunks: readonly Chunk[]): Promise<void> {
  let acknowledged = 0;
  let wake = (): void => undefined;
  const connection = await openForwardConnection({
    destination: LogJobDestination.parse({ name: "bench", host: "127.0.0.1", port, secret }),
    hostName: "bench",
    onAcknowledged: () => {
      acknowledged++;
      wake();
    },
    onEnd: () => wake(),
    timeoutMs: 30_000,
    signal: AbortSignal.timeout(300_000),
  });
  const untilAcknowledged = async (count: number) => {
    while (acknowledged < count) {
      if (connection.ended !== undefined) throw connection.ended;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  for (const [index, { id, records, body }] of chunks.entries()) {
    await untilAcknowledged(index + 1 - chunksAtOnce);
    await connection.send(
      { id, sequence: index, source: "bench", tag: "bench", records, oldestAtMs: 0, bytes: body.length },
      body,
    );
  }
  await untilAcknowledged(chunks.length);
  connection.close();
}

/** The control plane itself, not what starts it. */
function processesOf(server: TestServer): number[] {
  const processes = listProcesses();
  const { pid } = server.process();
  const ours = new Set([pid, ...descendantsOf(pid, processes)]);
  return processes.filter((one) => ours.has(one.pid) && one.command.includes("main.ts")).map((one) => one.pid);
}

async function storedLines({ api }: TestServer): Promise<number> {
  const fromMs = Date.now() - 2 * 86_400_000;
  const { body } = await api("GET", `/api/v1/logs/histogram?fromMs=${fromMs}&untilMs=${Date.now() + 60_000}`);
  return body.bins.reduce((sum: number, { count }: { count: number }) => sum + count, 0);
}

function sizeOf(directory: string): number {
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" }).map((name) =>
    statSync(join(directory, name)),
  );
  return files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
}
