import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { dayName, dayOfName } from "../record-id.ts";

const companions = ["", "-wal", "-shm"];

/** Where a day's records are. */
export function dayPath(directory: string, day: number): string {
  return join(directory, `${dayName(day)}.sqlite`);
}

/** The days that have a file, the oldest first. */
export function listDays(directory: string): number[] {
  return readdirSync(directory)
    .flatMap((name) => (name.endsWith(".sqlite") ? [dayOfName(name.slice(0, -".sqlite".length))] : []))
    .filter((day) => day !== null)
    .sort((one, other) => one - other);
}

/** Bytes that a day takes on the disk; 0 when it has no file. */
export function dayBytes(directory: string, day: number): number {
  const path = dayPath(directory, day);
  return companions.reduce((sum, end) => sum + (statSync(path + end, { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** Which file a day's is now; null when it has none. */
export function inodeOf(directory: string, day: number): number | null {
  return statSync(dayPath(directory, day), { throwIfNoEntry: false })?.ino ?? null;
}

/** Removes a day, which nobody writes any more; who still reads it reads on. */
export function removeDay(directory: string, day: number): void {
  for (const end of companions.toReversed()) rmSync(dayPath(directory, day) + end, { force: true });
  syncDirectory(directory);
}

export interface Quarantined {
  readonly name: string;
  readonly reason: string;
}

/** Puts aside a day's file that cannot be read, with the reason beside it, so that the day begins anew and somebody can look at the old one. */
export function quarantineDay(directory: string, day: number, reason: string, nowMs: number): Quarantined {
  const path = dayPath(directory, day);
  const name = `${dayName(day)}.corrupt-${nowMs}`;
  writeFileSync(join(directory, `${name}.reason`), `${reason}\n`);
  for (const end of companions) if (existsSync(path + end)) renameSync(path + end, join(directory, `${name}${end}`));
  syncDirectory(directory);
  return { name, reason };
}

/** All that was put aside, and is still there. */
export function listQuarantined(directory: string): Quarantined[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith(".reason"))
    .sort()
    .map((name) => ({
      name: name.slice(0, -".reason".length),
      reason: readFileSync(join(directory, name), "utf8").trim(),
    }));
}

/** Makes new, renamed and removed names survive a loss of power. */
export function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
