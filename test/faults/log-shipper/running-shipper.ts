import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LogJobs, type LogPipelineStatus } from "@mycloud/protocol/log-source";
import { superviseShipper } from "../../../agent/src/log-pipeline/index.ts";
import { createLogger } from "../../../agent/src/logger/index.ts";
import { type Cleanup, repositoryRoot, waitFor } from "../../support/index.ts";

export interface ShipperOptions {
  /** Read are its files `*.log`. */
  readonly logs: string;
  readonly queueDirectory: string;
  readonly destination: { readonly host: string; readonly port: number } & Readonly<Record<string, unknown>>;
  readonly job?: Readonly<Record<string, unknown>>;
  readonly queue?: LogJobs["queue"];
}

/** A shipper process that works. */
export interface RunningShipper {
  status(): LogPipelineStatus | undefined;
  /** Waits until its status says so. */
  until(condition: (status: LogPipelineStatus) => boolean, timeoutMs: number, what: string): Promise<LogPipelineStatus>;
  /** MiB that it has had resident at most. */
  peakMiB(): number;
  /** MiB that it has resident now. */
  residentMiB(): number;
  pid(): number;
  stop(): Promise<void>;
}

/** Starts one as agents do; it is stopped when the test ends. */
export function startShipper(cleanup: Cleanup, options: ShipperOptions): RunningShipper {
  const logger = createLogger({
    level: "warn",
    format: "text",
    write: (line) => (process.env.MYCLOUD_LOG_LEVEL === "debug" ? process.stderr.write(line) : undefined),
    now: Date.now,
  });
  // As `bin/mycloud` has it: without, the shipper would hold the TypeScript compiler in memory.
  process.env.NODE_COMPILE_CACHE ??= join(repositoryRoot, "node_modules/.cache/mycloud");
  const shipper = superviseShipper({ logger, now: Date.now, random: Math.random });
  cleanup.after(() => shipper.stop());
  shipper.configure({
    hostName: "far",
    directory: options.queueDirectory,
    policy: { roots: [options.logs], commands: {} },
    jobs: LogJobs.parse({
      jobs: [
        {
          name: "app",
          input: { type: "file", paths: [`${options.logs}/*.log`], startAt: "beginning" },
          destinations: ["there"],
          ...options.job,
        },
      ],
      destinations: [{ name: "there", ...options.destination }],
      queue: options.queue ?? { maximumBytes: 1024 * 1024 * 1024, whenFull: "block" },
    }),
  });
  const memory = (name: string) => {
    const { pid } = shipper.status() ?? {};
    const status = typeof pid === "number" ? readFileSync(`/proc/${pid}/status`, "utf8") : "";
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) / 1024;
  };
  return {
    status: shipper.status,
    until: (condition, timeoutMs, what) =>
      waitFor(
        () => {
          const status = shipper.status();
          return status !== undefined && condition(status) && status;
        },
        timeoutMs,
        what,
      ).catch((error: unknown) => {
        throw new Error(`${error}: ${JSON.stringify(shipper.status())}`);
      }),
    peakMiB: () => memory("VmHWM"),
    residentMiB: () => memory("VmRSS"),
    pid: () => shipper.status()?.pid ?? Number.NaN,
    stop: shipper.stop,
  };
}
