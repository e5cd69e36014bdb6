import { closeSync, constants, fstatSync, openSync, readlinkSync, realpathSync, type Stats, statSync } from "node:fs";

/** Why a file is not read. `isGone`: there is no such file any more. */
export interface Refusal {
  readonly reason: string;
  readonly isGone: boolean;
}

/** The directories below which files may be read. */
export interface LogRoots {
  /** By the path alone, before anything is touched. */
  contains(path: string): boolean;
  /** By where a descriptor really leads, whatever links there were on the way. */
  containsOpen(descriptor: number): boolean;
}

/** Makes the roots; links in the roots' own paths are followed each time, since a file system may be mounted later. */
export function createLogRoots(roots: readonly string[]): LogRoots {
  const isBelow = (root: string, path: string) => root === "/" || path === root || path.startsWith(`${root}/`);
  const clean = roots.map((root) => root.replace(/(?<=.)\/+$/u, ""));
  return {
    contains: (path) => !path.split("/").includes("..") && clean.some((root) => isBelow(root, path)),
    containsOpen(descriptor) {
      const path = pathOfDescriptor(descriptor).path;
      return clean.some((root) => isBelow(realPath(root), path));
    },
  };
}

/** The path of an open file as the kernel knows it now. */
export function pathOfDescriptor(descriptor: number): { readonly path: string; readonly isDeleted: boolean } {
  const link = readlinkSync(`/proc/self/fd/${descriptor}`);
  const isDeleted = link.endsWith(" (deleted)") && fstatSync(descriptor).nlink === 0;
  return { path: isDeleted ? link.slice(0, -" (deleted)".length) : link, isDeleted };
}

/**
 * Opens a regular file below the roots for reading. Anything else is refused without being opened or, where a link was exchanged meanwhile, without being read. Never waits for
 * a FIFO's writer.
 */
export function openLogFile(
  path: string,
  roots: LogRoots,
): { readonly descriptor: number; readonly stats: Stats } | Refusal {
  if (!roots.contains(path)) return refusal("is outside of the directories that this host's policy names");
  try {
    const kind = refusalOfKind(statSync(path));
    if (kind !== null) return kind;
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    const stats = fstatSync(descriptor);
    const fault =
      refusalOfKind(stats) ??
      (roots.containsOpen(descriptor)
        ? null
        : refusal("is a link that leads outside of the directories that this host's policy names"));
    if (fault === null) return { descriptor, stats };
    closeSync(descriptor);
    return fault;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "ENOENT" || code === "ENOTDIR") return { reason: "is gone", isGone: true };
    if (code === "EACCES" || code === "EPERM") return refusal("may not be read by the agent: permission denied");
    return refusal(error instanceof Error ? error.message : String(error));
  }
}

function refusalOfKind(stats: Stats): Refusal | null {
  if (stats.isFile()) return null;
  if (stats.isDirectory()) return refusal("is a directory");
  if (stats.isFIFO()) return refusal("is a FIFO; only regular files are read");
  return refusal("is no regular file");
}

function refusal(reason: string): Refusal {
  return { reason, isGone: false };
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
