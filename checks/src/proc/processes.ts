import { readdirSync, readFileSync } from "node:fs";

/** A process as /proc/PID/stat has it. */
export interface Process {
  readonly pid: number;
  readonly parentPid: number;
  /** At most 15 characters: the kernel cuts it. */
  readonly command: string;
  /** R, S, D, Z, T, I, ... */
  readonly state: string;
  readonly virtualBytes: number;
  readonly residentBytes: number;
  readonly cpuSeconds: number;
  /** Seconds after boot. */
  readonly startedAtSeconds: number;
}

/** Linux shows times to user space in hundredths of a second on every architecture (USER_HZ). */
const TICKS_PER_SECOND = 100;
/** ps multiplies by the page size as well; 4 KiB on every platform MyCloud is built for. */
const PAGE_BYTES = 4_096;

/** Reads every process. Those that end while the list is read are left out. */
export function readProcesses(procRoot: string): Process[] {
  const processes: Process[] = [];
  for (const name of readdirSync(procRoot)) {
    const first = name.charCodeAt(0);
    if (first < 48 || first > 57) continue;
    const text = readIfThere(`${procRoot}/${name}/stat`);
    const process = text === undefined ? undefined : parseStat(Number(name), text);
    if (process !== undefined) processes.push(process);
  }
  return processes;
}

function parseStat(pid: number, text: string): Process | undefined {
  // A command may hold spaces and brackets itself: it ends at the last one.
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")");
  if (open === -1 || close === -1) return undefined;
  const fields = text.slice(close + 2).split(" ");
  const field = (number: number): number => Number(fields[number - 3] ?? 0);
  return {
    pid,
    parentPid: field(4),
    command: text.slice(open + 1, close),
    state: fields[0] ?? "?",
    virtualBytes: field(23),
    residentBytes: field(24) * PAGE_BYTES,
    cpuSeconds: (field(14) + field(15)) / TICKS_PER_SECOND,
    startedAtSeconds: field(22) / TICKS_PER_SECOND,
  };
}

/** The argument line of a process, joined by spaces; `[command]` where it has none, as ps shows kernel threads. */
export function readArguments(procRoot: string, process: Process): string {
  const text = readIfThere(`${procRoot}/${process.pid}/cmdline`) ?? "";
  return text === "" ? `[${process.command}]` : text.replaceAll("\0", " ").trimEnd();
}

/** The effective user id of a process; undefined when it has ended. */
export function readUserId(procRoot: string, process: Process): number | undefined {
  const match = /^Uid:\s+\d+\s+(\d+)/m.exec(readIfThere(`${procRoot}/${process.pid}/status`) ?? "");
  return match === null ? undefined : Number(match[1]);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
