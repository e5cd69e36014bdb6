import { fileKey, type TailedFile } from "./tailed-file.ts";

/** The files that are followed, by what they are and by where they are. */
export interface FileSet {
  byKey(stats: { readonly dev: number; readonly ino: number }): TailedFile | undefined;
  byPath(path: string): TailedFile | undefined;
  add(file: TailedFile): void;
  move(file: TailedFile, path: string): void;
  remove(file: TailedFile): void;
  all(): IterableIterator<TailedFile>;
  /** The generation that was found last by a name. */
  latest(name: string): TailedFile | undefined;
  readonly size: number;
}

/** Makes an empty set. */
export function createFileSet(): FileSet {
  const byKey = new Map<string, TailedFile>();
  const byPath = new Map<string, TailedFile>();
  const latest = new Map<string, TailedFile>();
  const keyOf = (file: TailedFile) => fileKey({ dev: file.device, ino: file.inode });
  const dropPath = (file: TailedFile) => {
    if (byPath.get(file.path) === file) byPath.delete(file.path);
  };

  return {
    byKey: (stats) => byKey.get(fileKey(stats)),
    byPath: (path) => byPath.get(path),
    latest: (name) => latest.get(name),
    add(file) {
      byKey.set(keyOf(file), file);
      byPath.set(file.path, file);
      latest.set(file.name, file);
    },
    move(file, path) {
      dropPath(file);
      file.path = path;
      byPath.set(path, file);
    },
    remove(file) {
      file.isForgotten = true;
      if (byKey.get(keyOf(file)) === file) byKey.delete(keyOf(file));
      if (latest.get(file.name) === file) latest.delete(file.name);
      dropPath(file);
    },
    all: () => byKey.values(),
    get size() {
      return byKey.size;
    },
  };
}
