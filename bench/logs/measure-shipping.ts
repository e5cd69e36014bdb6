import { spawn } from "node:child_process";
import { once } from "node:events";
import { linkSync, mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LogJobs, LogRedaction } from "@mycloud/protocol/log-source";
import { superviseShipper } from "../../agent/src/log-pipeline/index.ts";
import { createLogger } from "../../agent/src/logger/index.ts";
import { waitFor } from "../../test/support/index.ts";
import { cpuSeconds } from "../ingest/process-cost.ts";
import { startForwardSink, startSyslogSink } from "./discarding-receivers.ts";
import { peakMegabytes } from "./process-figures.ts";

/** What reading and sending a file took of the process that did it. */
export interface MeasuredShipping {
  /** From the file's appearing until its last line had come. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

/** Where the lines are, ready to be linked into a folder that is watched. */
export interface ShippedFile {
  readonly path: string;
  readonly lines: number;
  /** On the same file system. */
  readonly folder: string;
}

const timeoutMs = 120_000;

/** How a shipper is to make records of lines. */
export interface MeasuredJob {
  readonly parser: { readonly type: "none" | "access" } | { readonly type: "regex"; readonly pattern: string };
  readonly isRedacted: boolean;
}

/** The common format, as somebody would write it down who does not know of the parser for it. */
export const accessPattern =
  '^(?<client>\\S+) \\S+ (?<user>\\S+) \\[(?<time>[^\\]]+)\\] "(?<method>[A-Z]+) (?<path>\\S+) (?<protocol>[^"]+)" (?<status>\\d+) (?<bytes>\\d+)';

/** As `bin/mycloud` has it: without, the shipper would hold the TypeScript compiler in memory. */
const compileCache = fileURLToPath(new URL("../../node_modules/.cache/mycloud", import.meta.url));

/** Our shipper, as an agent starts it: queue on disk, chunks compressed and acknowledged. */
export async function measureShipper(
  file: ShippedFile,
  { parser, isRedacted }: MeasuredJob,
): Promise<MeasuredShipping> {
  const directory = await mkdtemp(join(file.folder, "shipper-"));
  const logs = join(directory, "logs");
  mkdirSync(logs);
  writeFileSync(join(logs, "first.log"), "the shipper is there\n");
  const sink = await startForwardSink();
  const logger = createLogger({
    level: "warn",
    format: "text",
    write: (line) => process.stderr.write(line),
    now: Date.now,
  });
  process.env.NODE_COMPILE_CACHE ??= compileCache;
  const shipper = superviseShipper({ logger, now: Date.now, random: Math.random });
  try {
    const jobs = LogJobs.parse({
      jobs: [
        {
          name: "bench",
          input: { type: "file", paths: [`${logs}/*.log`], startAt: "beginning" },
          parser,
          redaction: isRedacted ? LogRedaction.parse({}) : { builtIn: [] },
          destinations: ["sink"],
        },
      ],
      destinations: [{ name: "sink", host: "127.0.0.1", port: sink.port }],
      queue: { maximumBytes: 256 * 1024 * 1024, whenFull: "block" },
    });
    shipper.configure({
      hostName: "bench",
      directory: join(directory, "queue"),
      jobs,
      policy: { roots: [logs], commands: {} },
    });
    await sink.until(1, timeoutMs);
    const pid = await waitFor(() => shipper.status()?.pid ?? undefined, 10_000, "the shipper");
    return await measure(file, join(logs, "access.log"), pid, () => sink.until(file.lines + 1, timeoutMs));
  } finally {
    await shipper.stop();
    await sink.close();
    await rm(directory, { recursive: true });
  }
}

/** rsyslog's imfile and omfwd over TCP: nothing is acknowledged; its queue is in memory, or spills to disk. */
export async function measureRsyslog(
  file: ShippedFile,
  { queue }: { readonly queue: "memory" | "disk-assisted" },
): Promise<MeasuredShipping> {
  const directory = await mkdtemp(join(file.folder, "rsyslog-"));
  const [logs, work] = [join(directory, "logs"), join(directory, "work")];
  mkdirSync(logs);
  mkdirSync(work);
  writeFileSync(join(logs, "first.log"), "rsyslog is there\n");
  const sink = await startSyslogSink();
  const onDisk = queue === "memory" ? "" : 'queue.type="LinkedList" queue.filename="bench" queue.saveOnShutdown="on"';
  const configuration = join(directory, "rsyslog.conf");
  writeFileSync(
    configuration,
    `global(workDirectory="${work}")
module(load="imfile" mode="inotify")
input(type="imfile" File="${logs}/*.log" Tag="bench" ruleset="send")
ruleset(name="send") {
  action(type="omfwd" Target="127.0.0.1" Port="${sink.port}" Protocol="tcp" TCP_Framing="traditional" template="RSYSLOG_SyslogProtocol23Format" ${onDisk})
}
`,
  );
  const child = spawn("/usr/sbin/rsyslogd", ["-n", "-f", configuration, "-i", join(directory, "pid")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = once(child, "exit");
  try {
    await sink.until(1, timeoutMs);
    return await measure(file, join(logs, "access.log"), child.pid ?? 0, () => sink.until(file.lines + 1, timeoutMs));
  } finally {
    child.kill("SIGKILL");
    await ended;
    await sink.close();
    await rm(directory, { recursive: true });
  }
}

async function measure(
  file: ShippedFile,
  appearingAs: string,
  pid: number,
  arrive: () => Promise<void>,
): Promise<MeasuredShipping> {
  const cpuBefore = cpuSeconds([pid]);
  const start = performance.now();
  linkSync(file.path, appearingAs);
  await arrive();
  const seconds = (performance.now() - start) / 1000;
  return { seconds, cpuSeconds: cpuSeconds([pid]) - cpuBefore, peakMegabytes: peakMegabytes(pid) };
}
