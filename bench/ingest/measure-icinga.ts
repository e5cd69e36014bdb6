import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Measured } from "./measure-mycloud.ts";
import { hostCount, resultNumber, servicesPerHost } from "./workload.ts";

const program = "/usr/lib/x86_64-linux-gnu/icinga2/sbin/icinga2";

/** Measures Debian's icinga2 through its command pipe: from the first line until a marker behind the last result is in its debug log. */
export async function measureIcinga(resultCount: number): Promise<Measured[]> {
  const directory = await mkdtemp(join(tmpdir(), "icinga-bench-"));
  for (const name of ["data", "cache", "log", "run", "run/cmd"]) await mkdir(join(directory, name));
  await writeFile(join(directory, "icinga2.conf"), configuration(directory));
  const icinga = spawn(existsSync(program) ? program : "icinga2", daemonArguments(directory), {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [icinga.stdout, icinga.stderr]) stream.on("data", (chunk) => (output += chunk));
  const pipe = join(directory, "run/cmd/icinga2.cmd");
  const measured: Measured[] = [];
  try {
    await until(() => existsSync(pipe) || icinga.exitCode !== null, 60);
    if (icinga.exitCode !== null) throw new Error(`icinga2 ended:\n${output}`);
    for (const condition of ["unchanged", "flipping"] as const) {
      const atSeconds = Math.floor(Date.now() / 1000);
      const lines: string[] = [];
      for (let n = 0; n < resultCount; n++) {
        const { host, service, returnCode, output: text } = resultNumber(n, condition);
        lines.push(`[${atSeconds}] PROCESS_SERVICE_CHECK_RESULT;${host};${service};${returnCode};${text}\n`);
      }
      // A comment is logged when it is made, and the pipe is first in, first out.
      lines.push(`[${atSeconds}] ADD_HOST_COMMENT;bench1;1;bench;done ${condition}\n`);
      const startedAt = performance.now();
      await appendFile(pipe, lines.join(""));
      const log = join(directory, "log/debug.log");
      await until(async () => (await readFile(log, "utf8")).includes(`done ${condition}`), 120);
      measured.push({
        program: "icinga2",
        path: "command pipe",
        condition,
        resultsPerSecond: resultCount / ((performance.now() - startedAt) / 1000),
        p50Ms: null,
        p99Ms: null,
        memoryMiB: null,
        cpuMicroseconds: null,
        isDurable: false,
      });
    }
  } finally {
    icinga.kill("SIGTERM");
    const killer = setTimeout(() => icinga.kill("SIGKILL"), 5_000);
    if (icinga.exitCode === null && icinga.signalCode === null) await once(icinga, "exit");
    clearTimeout(killer);
    await rm(directory, { recursive: true, force: true });
  }
  return measured;
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
  return ["--no-stack-rlimit", "daemon", "-c", join(directory, "icinga2.conf"), ...defines, ...user];
}

/** No checks, no notifications, no database: the least it can be asked to do with a result. */
function configuration(directory: string): string {
  const place = (name: string) => JSON.stringify(join(directory, name));
  return `
include <itl>
const NodeName = "bench"
object FileLogger "debug" { severity = "notice"; path = ${place("log/debug.log")} }
object ExternalCommandListener "pipe" { command_path = ${place("run/cmd/icinga2.cmd")} }
for (host in range(1, ${hostCount + 1})) {
  object Host "bench" + Json.encode(host) {
    check_command = "dummy"
    enable_active_checks = false
  }
}
for (service in range(1, ${servicesPerHost + 1})) {
  apply Service "service" + Json.encode(service) {
    check_command = "dummy"
    enable_active_checks = false
    max_check_attempts = 1
    assign where true
  }
}
`;
}

async function until(isTrue: () => boolean | Promise<boolean>, seconds: number): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`icinga2 took longer than ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
