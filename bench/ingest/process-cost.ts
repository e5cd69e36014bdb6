import { readFileSync } from "node:fs";

/** Resident memory of the largest of these processes, in MiB; a sum would count shared pages twice. */
export function residentMiB(pids: readonly number[]): number {
  const sizes = pids.map((pid) => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]));
  return Math.max(...sizes) / 1024;
}

/** User and system time these processes have used together, in seconds (proc(5), stat, in ticks of 10 ms). */
export function cpuSeconds(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command name in parentheses may itself hold spaces: fields start after the last one.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / 100;
}
