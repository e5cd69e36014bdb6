import { readFileSync } from "node:fs";

/** The columns of a cpu line of /proc/stat, in ticks since boot (proc(5)). guest is contained in user already. */
export const CPU_TIME_NAMES = ["user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"] as const;

/** Reads the cpu lines of `/proc/stat`: `cpu` for all together, `cpu0`, `cpu1`, ... for each. */
export function readCpuTimes(procRoot: string): Map<string, number[]> {
  const times = new Map<string, number[]>();
  for (const line of readFileSync(`${procRoot}/stat`, "utf8").split("\n")) {
    if (!line.startsWith("cpu")) break;
    const [name = "", ...values] = line.trim().split(/\s+/);
    times.set(
      name,
      CPU_TIME_NAMES.map((_, index) => Number(values[index] ?? 0)),
    );
  }
  if (times.size === 0) throw new Error(`${procRoot}/stat has no cpu line`);
  return times;
}

/** How many CPUs are online. */
export function countCpus(procRoot: string): number {
  return Math.max(1, readCpuTimes(procRoot).size - 1);
}
