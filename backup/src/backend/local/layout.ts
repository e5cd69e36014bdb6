import { join } from "node:path";
import type { FileHandle, FileType } from "../backend.ts";

/** Files and directories as restic makes them, or readable by the group when the repository's `config` is. */
export interface Modes {
  readonly file: number;
  readonly directory: number;
}

/** The modes for a repository whose `config` has this mode; null for a new one. */
export function modesLike(configMode: number | null): Modes {
  const isGroupReadable = configMode !== null && (configMode & 0o040) !== 0;
  return isGroupReadable ? { file: 0o440, directory: 0o750 } : { file: 0o400, directory: 0o700 };
}

/** The directories that hold the files of a type: 256 of them for packs, by the first two characters of the name. */
export function directoriesOf(root: string, type: Exclude<FileType, "config">): string[] {
  const directory = join(root, type);
  if (type !== "data") return [directory];
  return Array.from({ length: 256 }, (_, i) => join(directory, i.toString(16).padStart(2, "0")));
}

/** Where a file lies. */
export function pathOf(root: string, handle: FileHandle): string {
  if (handle.type === "config") return join(root, "config");
  if (handle.type === "data") return join(root, "data", handle.name.slice(0, 2), handle.name);
  return join(root, handle.type, handle.name);
}
