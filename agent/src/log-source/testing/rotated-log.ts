import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  futimesSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";

/** Ways in which programs rotate: logrotate's words, and two that others have. */
export const rotationModes = [
  "create",
  "nocreate",
  "ascending",
  "compress",
  "delaycompress",
  "bzip2",
  "xz",
  "zstd",
  "dateext",
  "dateext compress",
  "extension",
  "olddir",
  "olddir compress",
  "copytruncate",
  "copytruncate compress",
] as const;
export type RotationMode = (typeof rotationModes)[number];

/** A log that a program writes and that is rotated in one way. Every rotated generation stays. */
export interface RotatedLog {
  readonly path: string;
  /** Writes numbered lines, so long each that some fit into what a file is known by and some do not. */
  write(lines: number, padding: number): void;
  /** Rotates it; so many lines are still written to the old file by a program that has not been told yet. */
  rotate(lateLines: number): void;
  /** Moves the clock by which files are dated. */
  moveClock(seconds: number): void;
  /** What was written, in order, without the lines that every file begins with. */
  readonly written: readonly string[];
  /** How many files have begun. */
  readonly begun: number;
  close(): void;
}

const compressors: Readonly<
  Record<string, { readonly extension: string; readonly compress: (bytes: Buffer) => Buffer }>
> = {
  gzip: { extension: ".gz", compress: (bytes) => gzipSync(bytes) },
  zstd: { extension: ".zst", compress: (bytes) => zstdCompressSync(bytes) },
  bzip2: { extension: ".bz2", compress: (bytes) => execFileSync("bzip2", ["-c"], { input: bytes }) },
  xz: { extension: ".xz", compress: (bytes) => execFileSync("xz", ["-c"], { input: bytes }) },
};

/** Makes one in a directory. `banner` is what every new file begins with. */
export function createRotatedLog(directory: string, mode: RotationMode, banner: string): RotatedLog {
  const path = join(directory, "a.log");
  const isCopied = mode.startsWith("copytruncate");
  const folder = mode.startsWith("olddir") ? join(directory, "old") : directory;
  const compressor = /bzip2|xz|zstd/.test(mode)
    ? compressors[mode]
    : /compress/.test(mode)
      ? compressors.gzip
      : undefined;
  const isDated = mode.startsWith("dateext") || mode === "extension";
  const written: string[] = [];
  let begun = 0;
  let rotations = 0;
  let clockMs = Date.UTC(2026, 10, 23);
  let descriptor: number | null = null;
  mkdirSync(folder, { recursive: true });

  function open(): number {
    if (descriptor === null) {
      descriptor = openSync(path, "a");
      // Also one that stays empty is of the time of this clock.
      if (fstatSync(descriptor).size === 0) futimesSync(descriptor, new Date(clockMs), new Date(clockMs));
    }
    if (banner !== "" && fstatSync(descriptor).size === 0) {
      writeSync(descriptor, banner);
      begun++;
    }
    return descriptor;
  }

  function writeTo(file: number, lines: number, padding: number): void {
    for (let index = 0; index < lines; index++) {
      const line = `${written.length} ${"x".repeat(padding)}`;
      written.push(line);
      writeSync(file, `${line}\n`);
    }
    clockMs++;
    futimesSync(file, new Date(clockMs), new Date(clockMs));
  }

  /** The name of a generation, `age` rotations after it was rotated, which was the n-th. */
  function nameOf(number: number, age: number): string {
    if (mode === "ascending") return `a.log.${number}`;
    if (!isDated) return `a.log.${age}`;
    return mode === "extension" ? `a-${20260100 + number}.log` : `a.log-${20260100 + number}`;
  }

  function compress(name: string): void {
    if (compressor === undefined) return;
    const plain = join(folder, name);
    const { atime, mtime } = statSync(plain);
    writeFileSync(plain + compressor.extension, compressor.compress(readFileSync(plain)));
    // bzip2 keeps whole seconds.
    const kept = mode === "bzip2" ? new Date(Math.floor(mtime.getTime() / 1000) * 1000) : mtime;
    utimesSync(plain + compressor.extension, atime, kept);
    unlinkSync(plain);
  }

  function age(): void {
    for (let generation = rotations - 1; generation > 0; generation--) {
      for (const extension of ["", ".gz", ".zst", ".bz2", ".xz"]) {
        const from = join(folder, nameOf(0, generation) + extension);
        if (existsSync(from)) renameSync(from, join(folder, nameOf(0, generation + 1) + extension));
      }
    }
  }

  function copyAndTruncate(name: string): void {
    copyFileSync(path, join(folder, name));
    truncateSync(path, 0);
    if (banner !== "") {
      appendFileSync(path, banner);
      begun++;
    }
    clockMs++;
    utimesSync(path, new Date(clockMs), new Date(clockMs));
  }

  function moveAway(name: string, lateLines: number): void {
    renameSync(path, join(folder, name));
    const old = descriptor;
    descriptor = null;
    if (old !== null) {
      if (lateLines > 0) writeTo(old, lateLines, 0);
      closeSync(old);
    }
    if (mode !== "nocreate") open();
  }

  return {
    path,
    written,
    get begun() {
      return begun;
    },
    write(lines, padding) {
      writeTo(open(), lines, padding);
    },
    moveClock(seconds) {
      clockMs += seconds * 1000;
    },
    rotate(lateLines) {
      // Nobody can tell apart files that have nothing in them but what every file begins with.
      if (!existsSync(path) || (banner !== "" && statSync(path).size === banner.length)) return;
      rotations++;
      if (mode !== "ascending" && !isDated) age();
      const name = nameOf(rotations, 1);
      if (isCopied) copyAndTruncate(name);
      else moveAway(name, lateLines);
      if (mode !== "delaycompress") compress(name);
      else if (rotations > 1) compress(nameOf(rotations - 1, 2));
    },
    close() {
      if (descriptor !== null) closeSync(descriptor);
      descriptor = null;
    },
  };
}
