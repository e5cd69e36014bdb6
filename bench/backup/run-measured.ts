import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import type { Invocation } from "./programs/program.ts";

/** What a process and all its children cost. */
export interface Cost {
  readonly wallSeconds: number;
  /** User and system time. */
  readonly cpuSeconds: number;
  /** Resident memory of the largest process, at its peak. */
  readonly peakMiB: number;
}

const timePath = "/usr/bin/time";

/** Throws with what to install when the program that measures is missing: Node cannot ask for a child's own resources. */
export function requireTime(): void {
  if (!existsSync(timePath)) throw new Error(`${timePath} is missing; Debian package time installs it`);
}

/** Runs a command and measures it, after all that was written before has reached the disk. Throws when it fails. */
export async function runMeasured(invocation: Invocation, scratchFile: string): Promise<Cost> {
  execFileSync("sync");
  const { command, args, env = {}, workingDirectory } = invocation;
  const child = spawn(timePath, ["--output", scratchFile, "--format", "%e %U %S %M", command, ...args], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...env },
    ...(workingDirectory === undefined ? {} : { cwd: workingDirectory }),
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${[command, ...args].join(" ")} ended with ${code}: ${complaint.trim()}`);
  const [wall = 0, user = 0, system = 0, peakKiB = 0] = readFileSync(scratchFile, "utf8").trim().split(" ").map(Number);
  return { wallSeconds: wall, cpuSeconds: user + system, peakMiB: peakKiB / 1024 };
}
