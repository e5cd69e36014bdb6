import { readFileSync } from "node:fs";

/** The most memory that a process has had resident at once, in MB. */
export function peakMegabytes(pid: number): number {
  const kibibytes = Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  return (kibibytes * 1024) / 1e6;
}
