import { execFile, spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cleanup } from "../support/cleanup.ts";
import { freePort } from "../support/free-port.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { waitFor } from "../support/wait-for.ts";

export const PROMETHEUS_PROGRAM = "/usr/bin/prometheus";
export const ALERTMANAGER_PROGRAM = "/usr/bin/prometheus-alertmanager";
export const AMTOOL_PROGRAM = "/usr/bin/amtool";

/** Debian's Prometheus with a configuration of ours, ready to be asked. Files are written beside it. */
export async function startPrometheus(
  cleanup: Cleanup,
  configuration: string,
  files: Readonly<Record<string, string>>,
): Promise<{ readonly url: string; readonly directory: string; log(): string }> {
  return await startPeer(cleanup, PROMETHEUS_PROGRAM, { ...files, "prometheus.yml": configuration }, (port) => [
    "--config.file=prometheus.yml",
    "--storage.tsdb.path=data",
    `--web.listen-address=127.0.0.1:${port}`,
    "--web.enable-lifecycle",
    "--web.enable-remote-write-receiver",
    // It fires before it has found out whom to tell; by default it would say so again a minute later.
    "--rules.alert.resend-delay=1s",
    "--log.level=debug",
  ]);
}

/** Debian's Alertmanager, alone, with a configuration of ours. */
export async function startAlertmanager(cleanup: Cleanup, configuration: string) {
  return await startPeer(cleanup, ALERTMANAGER_PROGRAM, { "alertmanager.yml": configuration }, (port) => [
    "--config.file=alertmanager.yml",
    "--storage.path=data",
    `--web.listen-address=127.0.0.1:${port}`,
    "--cluster.listen-address=",
    "--log.level=debug",
  ]);
}

/** Runs amtool against an Alertmanager as configured in a home directory; answers its exit code and what it said. */
export function runAmtool(
  home: string,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: join(home, ".config") };
  return new Promise((resolve) => {
    execFile(AMTOOL_PROGRAM, [...args], { env, timeout: 60_000 }, (error, stdout, stderr) => {
      const code = typeof error?.code === "number" ? error.code : error === null ? 0 : 1;
      resolve({ code, stdout, stderr });
    });
  });
}

async function startPeer(
  cleanup: Cleanup,
  program: string,
  files: Readonly<Record<string, string>>,
  argsFor: (port: number) => readonly string[],
) {
  const directory = await temporaryDirectory("prometheus");
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  const port = await freePort();
  const child = spawn(program, [...argsFor(port)], { cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  const keep = (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-200_000);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  cleanup.after(async () => {
    child.kill("SIGTERM");
    await ended;
  });
  const url = `http://127.0.0.1:${port}`;
  await waitFor(async () => (await fetch(`${url}/-/ready`)).ok, 20_000, `${program}\n${log}`);
  return { url, directory, log: () => log };
}
