import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cleanup, descendantsOf, freePort, waitFor } from "../../test/support/index.ts";
import { makeIcingaCertificates } from "./icinga-certificates.ts";
import { icingaConfiguration, icingaNodeName } from "./icinga-configuration.ts";
import type { IngestTarget } from "./send-requests.ts";

const program = "/usr/lib/x86_64-linux-gnu/icinga2/sbin/icinga2";
/** Of what it printed, as much as tells why it ended. */
const keptOutputCharacters = 10_000;

/** A private icinga2 that runs. */
export interface Icinga {
  /** The command pipe's path. */
  readonly pipe: string;
  /** The action that takes check results over REST. */
  readonly restTarget: IngestTarget;
  /** Its supervisor, its worker and the worker's helpers. */
  pids(): number[];
  readLog(): Promise<string>;
}

/** Starts Debian's icinga2 with command pipe and API on a free port, on certificates and files of its own that go away with it. */
export async function startIcinga(cleanup: Cleanup): Promise<Icinga> {
  const directory = await mkdtemp(join(tmpdir(), "icinga-bench-"));
  cleanup.after(() => rm(directory, { recursive: true, force: true, maxRetries: 3 }));
  for (const name of ["data", "cache", "log", "run", "run/cmd"]) await mkdir(join(directory, name));
  const ca = await makeIcingaCertificates(join(directory, "data"), icingaNodeName);
  const access = { port: await freePort(), user: "bench", password: randomUUID() };
  await writeFile(join(directory, "icinga2.conf"), icingaConfiguration(directory, access), { mode: 0o600 });

  const icinga = spawn(existsSync(program) ? program : "icinga2", daemonArguments(directory), {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [icinga.stdout, icinga.stderr]) {
    stream.on("data", (chunk) => (output = (output + chunk).slice(-keptOutputCharacters)));
  }
  icinga.on("error", (error) => (output += error.message));
  const hasEnded = () => icinga.pid === undefined || icinga.exitCode !== null || icinga.signalCode !== null;
  cleanup.after(async () => {
    if (hasEnded()) return;
    icinga.kill("SIGTERM");
    const killer = setTimeout(() => icinga.kill("SIGKILL"), 5_000);
    await once(icinga, "exit");
    clearTimeout(killer);
  });

  const pipe = join(directory, "run/cmd/icinga2.cmd");
  const isUp = async () => existsSync(pipe) && (await accepts(access.port));
  await waitFor(async () => hasEnded() || (await isUp()), 60_000, "icinga2's command pipe and API");
  const { pid } = icinga;
  if (pid === undefined || hasEnded()) throw new Error(`icinga2 ended:\n${output}`);
  const credentials = Buffer.from(`${access.user}:${access.password}`).toString("base64");
  return {
    pipe,
    restTarget: {
      url: `https://127.0.0.1:${access.port}/v1/actions/process-check-result`,
      headers: { authorization: `Basic ${credentials}`, accept: "application/json" },
      ca,
    },
    pids: () => [pid, ...descendantsOf(pid)],
    readLog: () => readFile(join(directory, "log/icinga2.log"), "utf8"),
  };
}

function daemonArguments(directory: string): string[] {
  const places = {
    DataDir: "data",
    CacheDir: "cache",
    LogDir: "log",
    SpoolDir: "data",
    InitRunDir: "run",
    ConfigDir: ".",
  };
  const user = process.getuid?.() === 0 ? ["-DConfiguration.RunAsUser=root", "-DConfiguration.RunAsGroup=root"] : [];
  const defines = Object.entries(places).map(([name, place]) => `-DConfiguration.${name}=${join(directory, place)}`);
  const quiet = ["--log-level", "warning"];
  return ["--no-stack-rlimit", "daemon", ...quiet, "-c", join(directory, "icinga2.conf"), ...defines, ...user];
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
