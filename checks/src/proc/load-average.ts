import { readFileSync } from "node:fs";

/** Runnable and uninterruptible tasks, averaged over 1, 5 and 15 minutes (proc(5), /proc/loadavg). */
export interface LoadAverage {
  readonly averages: readonly [number, number, number];
  readonly runnable: number;
  readonly tasks: number;
}

/** Reads `/proc/loadavg`. Throws when it is missing or not what proc(5) says. */
export function readLoadAverage(procRoot: string): LoadAverage {
  const text = readFileSync(`${procRoot}/loadavg`, "utf8");
  const match = /^([\d.]+) ([\d.]+) ([\d.]+) (\d+)\/(\d+) /.exec(text);
  if (match === null) throw new Error(`${procRoot}/loadavg holds "${text.slice(0, 80).trim()}", not load averages`);
  return {
    averages: [Number(match[1]), Number(match[2]), Number(match[3])],
    runnable: Number(match[4]),
    tasks: Number(match[5]),
  };
}
