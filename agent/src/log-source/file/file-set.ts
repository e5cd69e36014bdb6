import { dirname } from "node:path";
import { fileKey, type IdentifyingStats, keyOf } from "./file-identity.ts";
import type { TailedFile } from "./tailed-file.ts";

/** The generations that are known, by what they are, where they are, and whose they are. */
export interface FileSet {
  /** One that is there. */
  byKey(stats: IdentifyingStats): TailedFile | undefined;
  byPath(path: string): TailedFile | undefined;
  /** All of one name, the oldest first, the missing among them. */
  ofName(name: string): readonly TailedFile[];
  /** A missing one by what it was. */
  missingByKey(stats: IdentifyingStats): TailedFile | undefined;
  /** Names in a directory of which a generation is missing. */
  namesWithMissing(directory: string): string[];
  /** Adds one that is there, or that is there again. */
  add(file: TailedFile): void;
  /** It is no longer known where it is. */
  miss(file: TailedFile): void;
  move(file: TailedFile, path: string): void;
  remove(file: TailedFile): void;
  /** All that are there. */
  all(): IterableIterator<TailedFile>;
  missing(): IterableIterator<TailedFile>;
  readonly size: number;
}

/** Makes an empty set. */
export function createFileSet(): FileSet {
  const byKey = new Map<string, TailedFile>();
  const byPath = new Map<string, TailedFile>();
  const byName = new Map<string, TailedFile[]>();
  const missing = new Set<TailedFile>();
  const missingByKey = new Map<string, TailedFile>();
  const missingByDirectory = new Map<string, Set<TailedFile>>();

  function addName(file: TailedFile): void {
    const files = byName.get(file.name);
    if (files === undefined) byName.set(file.name, [file]);
    else {
      if (!files.includes(file)) files.push(file);
      files.sort((left, right) => left.generation - right.generation);
    }
  }

  function dropMissing(file: TailedFile): void {
    if (!missing.delete(file)) return;
    if (missingByKey.get(keyOf(file)) === file) missingByKey.delete(keyOf(file));
    const directory = dirname(file.name);
    const ofDirectory = missingByDirectory.get(directory);
    ofDirectory?.delete(file);
    if (ofDirectory?.size === 0) missingByDirectory.delete(directory);
  }

  function dropPresent(file: TailedFile): void {
    if (byKey.get(keyOf(file)) === file) byKey.delete(keyOf(file));
    if (byPath.get(file.path) === file) byPath.delete(file.path);
  }

  return {
    byKey: (stats) => byKey.get(fileKey(stats)),
    byPath: (path) => byPath.get(path),
    ofName: (name) => byName.get(name) ?? [],
    missingByKey: (stats) => missingByKey.get(fileKey(stats)),
    namesWithMissing: (directory) => [
      ...new Set([...(missingByDirectory.get(directory) ?? [])].map(({ name }) => name)),
    ],
    add(file) {
      dropMissing(file);
      byKey.set(keyOf(file), file);
      byPath.set(file.path, file);
      addName(file);
    },
    miss(file) {
      dropPresent(file);
      file.standing = "missing";
      missing.add(file);
      missingByKey.set(keyOf(file), file);
      const directory = dirname(file.name);
      const ofDirectory = missingByDirectory.get(directory) ?? new Set();
      missingByDirectory.set(directory, ofDirectory.add(file));
      addName(file);
    },
    move(file, path) {
      if (byPath.get(file.path) === file) byPath.delete(file.path);
      file.path = path;
      byPath.set(path, file);
    },
    remove(file) {
      dropPresent(file);
      dropMissing(file);
      file.isForgotten = true;
      const files = byName.get(file.name)?.filter((other) => other !== file) ?? [];
      if (files.length === 0) byName.delete(file.name);
      else byName.set(file.name, files);
    },
    all: () => byKey.values(),
    missing: () => missing.values(),
    get size() {
      return byKey.size;
    },
  };
}
