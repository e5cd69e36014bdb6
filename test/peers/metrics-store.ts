import { type ChildProcess, spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Cleanup } from "../support/cleanup.ts";
import { freePort } from "../support/free-port.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { waitFor } from "../support/wait-for.ts";
import { PROMETHEUS_PROGRAM } from "./prometheus.ts";

export const VICTORIA_METRICS_PROGRAM = "/usr/bin/victoria-metrics";

const Matrix = z.object({
  data: z.object({ result: z.array(z.object({ values: z.array(z.tuple([z.number(), z.string()])) })) }),
});

/** A store that takes remote writes and answers queries: it can be stopped and started again on its port and data. */
export interface MetricsStore {
  readonly url: string;
  readonly writeUrl: string;
  /** The raw samples of a series in the last so much time, all of them together in order of time: [seconds, value]. */
  samples(selector: string): Promise<[number, string][]>;
  stop(): Promise<void>;
  start(): Promise<void>;
}

const kinds = {
  prometheus: {
    program: PROMETHEUS_PROGRAM,
    ready: "/-/ready",
    args: (port: number) => [
      "--config.file=prometheus.yml",
      "--storage.tsdb.path=data",
      `--web.listen-address=127.0.0.1:${port}`,
      "--web.enable-remote-write-receiver",
    ],
  },
  "victoria-metrics": {
    program: VICTORIA_METRICS_PROGRAM,
    ready: "/health",
    args: (port: number) => ["-storageDataPath=data", `-httpListenAddr=127.0.0.1:${port}`, "-retentionPeriod=12"],
  },
} as const;

/** Starts Debian's one of a kind; it is stopped when the test ends. */
export async function startMetricsStore(cleanup: Cleanup, kind: keyof typeof kinds): Promise<MetricsStore> {
  const { program, ready, args } = kinds[kind];
  const directory = await temporaryDirectory(kind);
  await writeFile(join(directory, "prometheus.yml"), "global: {}\n");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let running: ChildProcess | undefined;
  let log = "";

  async function start(): Promise<void> {
    const child = spawn(program, args(port), { cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
    const keep = (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-50_000);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    running = child;
    await waitFor(async () => (await fetch(url + ready)).ok, 30_000, `${program}\n${log}`);
  }

  async function stop(): Promise<void> {
    const child = running;
    running = undefined;
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }

  cleanup.after(stop);
  await start();
  return {
    url,
    writeUrl: `${url}/api/v1/write`,
    async samples(selector) {
      // What was just taken is in no index yet, and a look that finds nothing is remembered for ten seconds.
      if (kind === "victoria-metrics") await fetch(`${url}/internal/force_flush`);
      // VictoriaMetrics hides what is newest, and keeps answers, unless it is told not to.
      const query = new URLSearchParams({ query: `${selector}[2d]`, nocache: "1", latency_offset: "1ms" });
      const answer = Matrix.parse(await (await fetch(`${url}/api/v1/query?${query}`)).json());
      return answer.data.result.flatMap(({ values }) => values).sort(([a], [b]) => a - b);
    },
    stop,
    start,
  };
}
