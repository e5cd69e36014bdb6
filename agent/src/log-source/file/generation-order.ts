import { basename } from "node:path";
import { uncompressedName } from "./compression.ts";

/** A file that rotation left. */
export interface DatedFile {
  readonly path: string;
  readonly stats: { readonly mtimeMs: number };
}

/**
 * Puts files that rotation left of one name into the order in which they were written, the oldest first. Names that count or date tell it by themselves, whichever way
 * they count: in which, is seen by `older`, files that are known to be older than all of these; else by the times of the last writes, which a clock
 * that was set may have turned round. Pure.
 */
export function orderGenerations<File extends DatedFile>(files: readonly File[], older: readonly DatedFile[]): File[] {
  const byTime = [...files].sort((left, right) => left.stats.mtimeMs - right.stats.mtimeMs);
  const [first] = files;
  if (first === undefined || files.length === 1) return byTime;
  const shape = shapeOf(first.path);
  if (!shape.includes("#") || files.some(({ path }) => shapeOf(path) !== shape)) return byTime;
  const sameShape = older.filter(({ path }) => shapeOf(path) === shape);
  const direction = directionByAge(files, sameShape) || directionByTime(byTime) || usualDirection(first.path);
  return byTime.sort((left, right) => direction * compareNumbers(left.path, right.path));
}

/** Positive where greater numbers are newer, negative where they are older, 0 where that cannot be said. */
function directionByAge(files: readonly DatedFile[], older: readonly DatedFile[]): number {
  let votes = 0;
  for (const file of files) for (const old of older) votes += compareNumbers(file.path, old.path);
  return Math.sign(votes);
}

function directionByTime(byTime: readonly DatedFile[]): number {
  let votes = 0;
  for (const [index, file] of byTime.entries()) {
    const next = byTime[index + 1];
    if (next !== undefined && next.stats.mtimeMs > file.stats.mtimeMs) votes += compareNumbers(next.path, file.path);
  }
  return Math.sign(votes);
}

/** Dates grow; numbers are ages. */
function usualDirection(path: string): number {
  return numbersOf(path).some((number) => number.length >= 6) ? 1 : -1;
}

function compareNumbers(left: string, right: string): number {
  const others = numbersOf(right);
  for (const [index, number] of numbersOf(left).entries()) {
    const difference = Number(number) - Number(others[index] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

function shapeOf(path: string): string {
  return uncompressedName(basename(path)).replace(/\d+/gu, "#");
}

function numbersOf(path: string): string[] {
  return uncompressedName(basename(path)).match(/\d+/gu) ?? [];
}
