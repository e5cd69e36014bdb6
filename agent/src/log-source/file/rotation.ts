import { type Dirent, readdirSync, type Stats, statSync } from "node:fs";
import { basename, dirname } from "node:path";

/**
 * Whether a file's name is one that rotation gives to what was `base`: `base.1`, `base-20261123`, `base.2.gz`, and with logrotate's `extension`
 * `app-20261123.log` for `app.log`. Pure.
 */
export function isRotatedName(base: string, name: string): boolean {
  return name !== base && originNames(name).includes(base);
}

/** The names that a file had before rotation if its name now is one that rotation gave. Pure. */
export function originNames(name: string): string[] {
  const plain = name.replace(/\.(?:gz|bz2|xz|zst)$/u, "");
  const names = new Set<string>();
  for (let at = plain.length - 1; at > 0; at--) {
    if (/[-._~]/.test(plain[at] ?? "")) names.add(plain.slice(0, at));
  }
  names.add(plain.replace(/[-._]\d[\d_.T-]*(?=\.[^.]*$)/u, ""));
  names.add(plain);
  names.delete(name);
  return [...names];
}

/** A file beside another one by whose name it may once have gone. */
export interface RotatedFile {
  readonly path: string;
  readonly stats: Stats;
  readonly isCompressed: boolean;
}

/**
 * What rotation left of `path`, the newest first by the time of the last write (which gzip keeps). A compressed file beside the one that it is made of is left
 * out: it is still being written.
 */
export function findRotatedFiles(path: string): RotatedFile[] {
  const directory = dirname(path);
  const base = basename(path);
  const found: RotatedFile[] = [];
  const entries = readDirectory(directory);
  const names = new Set(entries.map(({ name }) => name));
  for (const entry of entries) {
    if (entry.isDirectory() || !isRotatedName(base, entry.name)) continue;
    if (entry.name.endsWith(".gz") && names.has(entry.name.slice(0, -3))) continue;
    const rotated = `${directory}/${entry.name}`;
    const stats = statSync(rotated, { throwIfNoEntry: false });
    if (stats?.isFile()) found.push({ path: rotated, stats, isCompressed: entry.name.endsWith(".gz") });
  }
  return found.sort((left, right) => right.stats.mtimeMs - left.stats.mtimeMs);
}

/** A file of a directory by its inode, whatever its name; null when there is none. */
export function findByInode(directory: string, inode: number): string | null {
  for (const entry of readDirectory(directory)) {
    if (!entry.isFile()) continue;
    const path = `${directory}/${entry.name}`;
    if (statSync(path, { throwIfNoEntry: false })?.ino === inode) return path;
  }
  return null;
}

function readDirectory(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}
