import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export const CHECK_NRPE_PROGRAM = "/usr/lib/nagios/plugins/check_nrpe";
export const NRPE_PROGRAM = "/usr/sbin/nrpe";

/** What a program said and how it ended. */
export interface NrpeAnswer {
  readonly code: number;
  readonly output: string;
}

/** Runs Debian's check_nrpe against a port of this machine. */
export function checkNrpe(port: number, ...args: readonly string[]): Promise<NrpeAnswer> {
  return new Promise((resolve, reject) => {
    const words = ["-H", "127.0.0.1", "-p", String(port), ...args];
    execFile(CHECK_NRPE_PROGRAM, words, { maxBuffer: 1024 * 1024 }, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`;
      if (error === null) resolve({ code: 0, output });
      else if (typeof error.code === "number") resolve({ code: error.code, output });
      // It does not expect a daemon that hangs up before it has written, and dies of SIGPIPE.
      else if (error.signal) resolve({ code: -1, output });
      else reject(error);
    });
  });
}

/** Debian's nrpe daemon in a directory of its own, as whoever runs the test; lines are added to its nrpe.cfg. */
export async function startNrpe(port: number, lines: readonly string[]): Promise<{ stop(): Promise<void> }> {
  const directory = await mkdtemp(path.join(tmpdir(), "nrpe-peer-"));
  const file = path.join(directory, "nrpe.cfg");
  // It refuses to run as root.
  const isRoot = process.getuid?.() === 0;
  await writeFile(
    file,
    [
      `server_port=${port}`,
      "server_address=127.0.0.1",
      "allowed_hosts=127.0.0.1",
      ...(isRoot ? ["nrpe_user=nobody", "nrpe_group=nogroup"] : []),
      `pid_file=${path.join(directory, "nrpe.pid")}`,
      "debug=0",
      ...lines,
      "",
    ].join("\n"),
  );
  const child = spawn(NRPE_PROGRAM, ["-c", file, "-f"], { stdio: "ignore" });
  for (let attempt = 0; !(await answers(port)); attempt++) {
    if (attempt > 1_200 || child.exitCode !== null) throw new Error(`nrpe did not start (exit code ${child.exitCode})`);
    await sleep(50);
  }
  return {
    async stop() {
      await end(child);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const killer = setTimeout(() => child.kill("SIGKILL"), 20_000);
  await exited;
  clearTimeout(killer);
}
