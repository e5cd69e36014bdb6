import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Cleanup, freePort, temporaryDirectory, waitFor } from "../support/index.ts";
import { askLivestatus } from "./livestatus-client.ts";

export const ICINGA_PROGRAM = "/usr/lib/x86_64-linux-gnu/icinga2/sbin/icinga2";

/** A private icinga2 that answers Livestatus and takes commands by its pipe. */
export interface IcingaLivestatus {
  readonly port: number;
  readonly pid: number;
  submit(commands: readonly string[]): Promise<void>;
}

/** Starts Debian's icinga2 with these objects, in icinga2's own language; it goes away with the test. */
export async function startIcingaLivestatus(cleanup: Cleanup, objects: string): Promise<IcingaLivestatus> {
  const directory = await temporaryDirectory("icinga");
  for (const name of ["data", "cache", "log", "run", "run/cmd"]) await mkdir(join(directory, name));
  const port = await freePort();
  const place = (name: string) => JSON.stringify(join(directory, name));
  await writeFile(
    join(directory, "icinga2.conf"),
    `include <itl>
const NodeName = "peer"
object Endpoint NodeName { }
object Zone NodeName { endpoints = [ NodeName ] }
object ExternalCommandListener "pipe" { command_path = ${place("run/cmd/icinga2.cmd")} }
object LivestatusListener "livestatus" { socket_type = "tcp"; bind_host = "127.0.0.1"; bind_port = ${port} }
${objects}
`,
  );
  const places = {
    DataDir: "data",
    CacheDir: "cache",
    LogDir: "log",
    SpoolDir: "data",
    InitRunDir: "run",
    ConfigDir: ".",
  };
  const user = process.getuid?.() === 0 ? ["-DConfiguration.RunAsUser=root", "-DConfiguration.RunAsGroup=root"] : [];
  const defines = Object.entries(places).map(([name, at]) => `-DConfiguration.${name}=${join(directory, at)}`);
  const config = ["-c", join(directory, "icinga2.conf")];
  const icinga = spawn(ICINGA_PROGRAM, [
    "--no-stack-rlimit",
    "daemon",
    "--log-level",
    "warning",
    ...config,
    ...defines,
    ...user,
  ]);
  let output = "";
  for (const stream of [icinga.stdout, icinga.stderr])
    stream.on("data", (chunk) => (output = (output + chunk).slice(-5000)));
  const hasEnded = () => icinga.exitCode !== null || icinga.signalCode !== null;
  cleanup.after(async () => {
    if (hasEnded()) return;
    icinga.kill("SIGTERM");
    const killer = setTimeout(() => icinga.kill("SIGKILL"), 20_000);
    await once(icinga, "exit");
    clearTimeout(killer);
  });
  const pipe = join(directory, "run/cmd/icinga2.cmd");
  const answers = async () =>
    existsSync(pipe) && (await askLivestatus(port, "GET status\nColumns: program_start\n")).trim() !== "";
  await waitFor(async () => hasEnded() || (await answers().catch(() => false)), 60_000, "icinga2's Livestatus");
  if (hasEnded() || icinga.pid === undefined) throw new Error(`icinga2 ended:\n${output}`);
  return {
    port,
    pid: icinga.pid,
    async submit(commands) {
      const now = Math.floor(Date.now() / 1000);
      await appendFile(pipe, commands.map((command) => `[${now}] ${command}\n`).join(""));
    },
  };
}
