import { readFileSync } from "node:fs";

/** Seconds since boot (proc(5), /proc/uptime). */
export function readUptimeSeconds(procRoot: string): number {
  const text = readFileSync(`${procRoot}/uptime`, "utf8");
  const seconds = Number(text.split(" ")[0]);
  if (!Number.isFinite(seconds)) throw new Error(`${procRoot}/uptime holds "${text.slice(0, 80).trim()}", not seconds`);
  return seconds;
}
