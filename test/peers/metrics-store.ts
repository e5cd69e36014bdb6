import { type ChildProcess, spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { get } from "node:https";
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

/** Files of a certificate for 127.0.0.1, its key, and the authority that signed it. */
export interface StoreCertificate {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly ca: string;
}

/** Starts Debian's one of a kind; it is stopped when the test ends. With a certificate it speaks TLS alone. */
export async function startMetricsStore(
  cleanup: Cleanup,
  kind: keyof typeof kinds,
  certificate?: StoreCertificate,
): Promise<MetricsStore> {
  const { program, ready, args } = kinds[kind];
  const directory = await temporaryDirectory(kind);
  await writeFile(join(directory, "prometheus.yml"), "global: {}\n");
  const port = await freePort();
  const url = `${certificate === undefined ? "http" : "https"}://127.0.0.1:${port}`;
  const tlsArgs = certificate === undefined ? [] : await tlsArgsOf(kind, certificate, directory);
  const ask = (path: string) =>
    certificate === undefined ? askPlainly(url + path) : askTls(url + path, certificate.ca);
  let running: ChildProcess | undefined;
  let log = "";

  async function start(): Promise<void> {
    const child = spawn(program, [...args(port), ...tlsArgs], { cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
    const keep = (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-50_000);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    running = child;
    await waitFor(async () => (await ask(ready)) !== undefined, 30_000, `${program}\n${log}`);
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
      if (kind === "victoria-metrics") await ask("/internal/force_flush");
      // VictoriaMetrics hides what is newest, and keeps answers, unless it is told not to.
      const query = new URLSearchParams({ query: `${selector}[2d]`, nocache: "1", latency_offset: "1ms" });
      const answer = Matrix.parse(JSON.parse((await ask(`/api/v1/query?${query}`)) ?? "{}"));
      return answer.data.result.flatMap(({ values }) => values).sort(([a], [b]) => a - b);
    },
    stop,
    start,
  };
}

/** How each is told its certificate. */
async function tlsArgsOf(kind: keyof typeof kinds, files: StoreCertificate, directory: string): Promise<string[]> {
  if (kind === "victoria-metrics") {
    return ["-tls", `-tlsCertFile=${files.certificateFile}`, `-tlsKeyFile=${files.keyFile}`];
  }
  const server = { tls_server_config: { cert_file: files.certificateFile, key_file: files.keyFile } };
  await writeFile(join(directory, "web.yml"), JSON.stringify(server));
  return ["--web.config.file=web.yml"];
}

/** The body of a good answer; undefined of any other. */
async function askPlainly(url: string): Promise<string | undefined> {
  const answer = await fetch(url);
  return answer.ok ? await answer.text() : undefined;
}

function askTls(url: string, ca: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { ca, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      response.on("end", () => resolve(response.statusCode === 200 ? text : undefined)).on("error", reject);
    }).on("error", reject);
  });
}
