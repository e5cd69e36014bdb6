import { readdirSync, readFileSync } from "node:fs";

/** A process as /proc shows it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parentPid: number;
  readonly command: string;
}

/** All living processes of this machine; zombies are left out. */
export function listProcesses(): ProcessEntry[] {
  const entries: ProcessEntry[] = [];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      // The command name in parentheses may itself hold spaces and parentheses: fields start after the last one.
      const [state, parentPid] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (state === "Z") continue;
      const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").trim();
      entries.push({ pid: Number(name), parentPid: Number(parentPid), command });
    } catch {
      // It ended while we were looking.
    }
  }
  return entries;
}

/** The pids of all living descendants of a process. */
export function descendantsOf(pid: number, processes: readonly ProcessEntry[] = listProcesses()): number[] {
  const children = processes.filter((entry) => entry.parentPid === pid).map((entry) => entry.pid);
  return children.flatMap((child) => [child, ...descendantsOf(child, processes)]);
}

/** True while a process with this pid runs (a zombie does not). */
export function isRunning(pid: number): boolean {
  return listProcesses().some((entry) => entry.pid === pid);
}
