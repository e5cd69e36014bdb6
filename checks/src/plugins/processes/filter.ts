import { readFileSync } from "node:fs";
import type { OptionValues } from "../../plugin/option-values.ts";
import { type Process, readArguments, readUserId } from "../../proc/processes.ts";

/** Which processes count, and how that is said. */
export interface ProcessFilter {
  readonly matches: (process: Process) => boolean;
  /** `with command name 'sshd', user root`; empty when all count. */
  readonly description: string;
}

const KTHREADD_PID = 2;
const KIB = 1024;

/** Reads the filters of check_procs. Cheap ones are asked first: most processes are left out before a second file is read. */
export function readFilter(options: OptionValues, procRoot: string, uptimeSeconds: number): ProcessFilter {
  const tests: ((process: Process) => boolean)[] = [];
  const words: string[] = [];
  const add = (word: string, test: (process: Process) => boolean): void => {
    tests.push(test);
    words.push(word);
  };
  const command = options.text("command");
  // The kernel cuts names to 15 characters; a longer one that was asked for can only be compared as far.
  if (command !== undefined) add(`command name '${command}'`, (process) => process.command === command.slice(0, 15));
  const states = options.text("state");
  if (states !== undefined) add(`state ${states}`, (process) => states.includes(process.state));
  const parentPid = options.number("ppid", { min: 0, isInteger: true });
  if (parentPid !== undefined) add(`parent ${parentPid}`, (process) => process.parentPid === parentPid);
  if (options.isGiven("no-kthreads")) {
    tests.push((process) => process.pid !== KTHREADD_PID && process.parentPid !== KTHREADD_PID);
  }
  const vsz = options.number("vsz", { min: 0 });
  if (vsz !== undefined) add(`VSZ above ${vsz} KiB`, (process) => process.virtualBytes / KIB >= vsz);
  const rss = options.number("rss", { min: 0 });
  if (rss !== undefined) add(`RSS above ${rss} KiB`, (process) => process.residentBytes / KIB >= rss);
  const pcpu = options.number("pcpu", { min: 0 });
  if (pcpu !== undefined) add(`CPU above ${pcpu}%`, (process) => cpuPercent(process, uptimeSeconds) >= pcpu);
  const user = options.text("user");
  if (user !== undefined) {
    const userId = resolveUser(options, user);
    add(`user ${user}`, (process) => readUserId(procRoot, process) === userId);
  }
  const text = options.text("argument-array");
  if (text !== undefined) add(`args '${text}'`, (process) => readArguments(procRoot, process).includes(text));
  const regex = options.text("ereg-argument-array");
  if (regex !== undefined) {
    const pattern = options.pattern("ereg-argument-array", regex);
    add(`args matching '${regex}'`, (process) => pattern.test(readArguments(procRoot, process)));
  }
  return {
    matches: (process) => tests.every((test) => test(process)),
    description: words.length === 0 ? "" : `with ${words.join(", ")}`,
  };
}

/** Percent of one CPU over the life of the process, as ps shows it. */
export function cpuPercent(process: Process, uptimeSeconds: number): number {
  const ageSeconds = uptimeSeconds - process.startedAtSeconds;
  return ageSeconds <= 0 ? 0 : (process.cpuSeconds / ageSeconds) * 100;
}

function resolveUser(options: OptionValues, user: string): number {
  if (/^\d+$/.test(user)) return Number(user);
  for (const line of readFileSync("/etc/passwd", "utf8").split("\n")) {
    const [name, , id] = line.split(":");
    if (name === user) return Number(id);
  }
  throw options.refuse("user", user, "a name in /etc/passwd, or a user id");
}
