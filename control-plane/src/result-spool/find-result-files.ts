import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** A file of results whose writer has said with an empty `.ok` beside it that it is whole. */
export interface ResultFile {
  readonly path: string;
  readonly okPath: string;
  /** Says which file it is for as long as it lies there: a later one of the same name has another. */
  readonly id: string;
  readonly sizeBytes: number;
}

/** The whole files of a spool directory, oldest first, at most `limit`; names are `c` and six characters, as Nagios makes them. */
export async function findResultFiles(directory: string, limit: number): Promise<ResultFile[]> {
  const names = new Set(await readdir(directory));
  const whole = [...names].filter((name) => /^c[A-Za-z0-9]{6}$/.test(name) && names.has(`${name}.ok`));
  const files: (ResultFile & { readonly mtimeNs: bigint })[] = [];
  for (const name of whole) {
    const path = join(directory, name);
    const stats = await lstat(path, { bigint: true }).catch(() => null);
    // A link could lead to a file that is not theirs to show.
    if (stats === null || !stats.isFile()) continue;
    const { mtimeNs, ino, size } = stats;
    files.push({ path, okPath: `${path}.ok`, id: `${name}:${ino}:${mtimeNs}`, sizeBytes: Number(size), mtimeNs });
  }
  files.sort((a, b) => Number(a.mtimeNs - b.mtimeNs) || (a.path < b.path ? -1 : 1));
  return files.slice(0, limit);
}
