import { type Dirent, readdirSync, type Stats, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { type Compression, compressionOf, uncompressedName } from "./compression.ts";
import { type FileIdentity, type IdentifyingStats, identityOf, isSameIdentity } from "./file-identity.ts";

/** The names that a file had before rotation if its name now is one that rotation gave: `base.1`, `base-20261123`, `base.2.gz`, and with logrotate's `extension` `app-20261123.log` for `app.log`. Pure. */
export function originNames(name: string): string[] {
  const plain = uncompressedName(name);
  const names = new Set<string>();
  for (let at = plain.length - 1; at > 0; at--) {
    if (/[-._~]/.test(plain[at] ?? "")) names.add(plain.slice(0, at));
  }
  names.add(plain.replace(/[-._]\d[\d_.T-]*(?=\.[^.]*$)/u, ""));
  names.add(plain);
  names.delete(name);
  return [...names];
}

/** Whether a name ends, or ends before its extension, in what rotation counts or dates by: `a.log.1`, `a-20261123.log`. Pure. */
export function isCounted(name: string): boolean {
  return /[-._~]\d[\d.T_-]*(?:\.[A-Za-z]+)?$/u.test(uncompressedName(name));
}

/** A file that rotation may have left of another name. */
export interface RotatedFile {
  readonly path: string;
  /** The path it had before. */
  readonly origin: string;
  readonly stats: IdentifyingStats & Pick<Stats, "size" | "mtimeMs">;
  readonly compression: Compression | null;
}

/**
 * What rotation left in directories, looked at until nothing has changed meanwhile: a file that is renamed or compressed while a directory is listed may not be in
 * the list under either name. A compressed file beside the one that it is made of is left out: it is still being written. Links lead nowhere here.
 */
export function listRotatedFiles(
  directories: readonly string[],
  originOf: (directory: string, name: string) => string | null,
): RotatedFile[] {
  let before: RotatedFile[] | null = null;
  for (let attempt = 0; ; attempt++) {
    const files: RotatedFile[] = directories.flatMap((directory) => listOnce(directory, originOf));
    if (attempt >= 20 || (before !== null && isSameList(before, files))) return files;
    before = files;
  }
}

function isSameList(before: readonly RotatedFile[], now: readonly RotatedFile[]): boolean {
  const isSame = (file: RotatedFile, other: RotatedFile | undefined) =>
    file.path === other?.path && isSameIdentity(identityOf(file.stats), other.stats);
  return before.length === now.length && before.every((file, index) => isSame(file, now[index]));
}

function listOnce(directory: string, originOf: (directory: string, name: string) => string | null): RotatedFile[] {
  const entries = readDirectory(directory).filter((entry) => entry.isFile());
  const names = new Set(entries.map(({ name }) => name));
  const found: RotatedFile[] = [];
  for (const { name } of entries) {
    const origin = originOf(directory, name);
    if (origin === null) continue;
    const compression = compressionOf(name);
    if (compression !== null && names.has(uncompressedName(name))) continue;
    const path = `${directory}/${name}`;
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats?.isFile()) continue;
    // There may be thousands: no more is kept than is asked for.
    const { dev, ino, size, mtimeMs, birthtimeMs } = stats;
    found.push({ path, origin, stats: { dev, ino, size, mtimeMs, birthtimeMs }, compression });
  }
  return found.sort((left, right) => (left.path < right.path ? -1 : 1));
}

/** Where in a directory a file is, whatever its name; null when it is not there. */
export function findByIdentity(directory: string, file: FileIdentity): string | null {
  for (const entry of readDirectory(directory)) {
    if (!entry.isFile()) continue;
    const path = `${directory}/${entry.name}`;
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats !== undefined && isSameIdentity(file, stats)) return path;
  }
  return null;
}

/** Directories in which rotation may put what was in this one, where nothing says so: those in it, and those beside it. */
export function nearDirectories(directory: string): string[] {
  const near: string[] = [];
  for (const parent of [directory, dirname(directory)]) {
    for (const entry of readDirectory(parent)) {
      const path = `${parent === "/" ? "" : parent}/${entry.name}`;
      if (entry.isDirectory() && path !== directory) near.push(path);
      if (near.length >= MAXIMUM_NEAR) return near;
    }
  }
  return near;
}

const MAXIMUM_NEAR = 200;

/** Whether what is at a path may be what rotation left of another name. Pure. */
export function isRotatedName(origin: string, path: string): boolean {
  return originNames(basename(path)).includes(basename(origin));
}

function readDirectory(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}
