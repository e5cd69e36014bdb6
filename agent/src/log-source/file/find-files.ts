import { type Dirent, readdirSync } from "node:fs";
import type { Glob, GlobPart } from "./glob.ts";

export interface FoundPaths {
  readonly paths: ReadonlySet<string>;
  /** Directories that were looked into: where files may come or change. */
  readonly directories: ReadonlySet<string>;
  /** Paths that were named without any wildcard. */
  readonly named: ReadonlySet<string>;
}

/**
 * Looks for what globs match, as far as directories can be read. Symbolic links to directories are followed where a part of the glob names or matches them,
 * never by `**`, which therefore ends. Nothing is looked for outside of the roots. Reads directories synchronously: the time of each is that of one system call, and
 * half of what it would be otherwise; `pause` is awaited now and then.
 */
export async function findFiles(
  globs: readonly Glob[],
  isWithinRoots: (path: string) => boolean,
  pause: () => Promise<void>,
): Promise<FoundPaths> {
  const paths = new Set<string>();
  const directories = new Set<string>();
  const named = new Set<string>();
  const listed = new Map<string, Dirent[]>();

  async function list(directory: string): Promise<Dirent[]> {
    const known = listed.get(directory);
    if (known !== undefined) return known;
    if (listed.size % 64 === 63) await pause();
    const entries = readDirectory(directory);
    listed.set(directory, entries);
    return entries;
  }

  async function descend(directory: string, parts: readonly GlobPart[], isNamed: boolean): Promise<void> {
    const [part, ...rest] = parts;
    if (part === undefined) return;
    if (part.kind === "name") return descendByName(directory, part.name, rest, isNamed);
    // Above the roots only names lead on: there is nothing to be listed.
    if (!isWithinRoots(directory)) return;
    directories.add(directory);
    if (part.kind === "any-depth") return descendToAnyDepth(directory, parts, rest);
    for (const entry of await list(directory)) {
      if (!part.pattern.test(entry.name)) continue;
      const path = `${directory}/${entry.name}`;
      if (rest.length === 0) {
        if (!entry.isDirectory()) paths.add(path);
      } else if (entry.isDirectory() || entry.isSymbolicLink()) await descend(path, rest, false);
    }
  }

  async function descendByName(
    directory: string,
    name: string,
    rest: readonly GlobPart[],
    isNamed: boolean,
  ): Promise<void> {
    const path = `${directory}/${name}`;
    if (rest.length > 0) return descend(path, rest, isNamed);
    directories.add(directory);
    paths.add(path);
    if (isNamed) named.add(path);
  }

  async function descendToAnyDepth(
    directory: string,
    parts: readonly GlobPart[],
    rest: readonly GlobPart[],
  ): Promise<void> {
    await descend(directory, rest.length > 0 ? rest : anyName, false);
    for (const entry of await list(directory)) {
      if (!entry.isDirectory() || entry.name.startsWith(".")) continue;
      await descend(`${directory}/${entry.name}`, parts, false);
    }
  }

  for (const glob of globs) await descend("", glob.parts, true);
  return { paths, directories, named };
}

function readDirectory(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** `**` as the last part is every file at any depth. */
const anyName: readonly GlobPart[] = [{ kind: "match", pattern: /^(?!\.)/u }];
