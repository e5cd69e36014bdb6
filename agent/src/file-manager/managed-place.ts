import { type ByteString, byteString, bytesOfDisplayText, joinBytes } from "@mycloud/backup/byte-string";
import { cleanPath, createExclude } from "@mycloud/backup/pattern";
import { FileError, notFound } from "./file-error.ts";
import type { FileRules, ManagedJob } from "./file-rules.ts";

/** A folder (or file) that may be managed: one that a job backs up, or the part of it that the policy names. */
export interface ManagedRoot {
  readonly path: ByteString;
  /** Where the job's own path begins: from there on its excludes count. */
  readonly jobPath: ByteString;
  readonly job: ManagedJob;
  readonly isExcluded: (path: ByteString) => boolean;
}

/** A path that may be managed, and by which of the roots. */
export interface ManagedPlace {
  readonly path: ByteString;
  readonly root: ManagedRoot;
}

/** Whether a clean path is a folder or lies below it. Pure. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || folder === "/" || path.startsWith(`${folder}/`);
}

/** The folders that may be managed, shortest first; those within others are left out unless another job has them. Pure. */
export function managedRoots({ jobs, roots }: Pick<FileRules, "jobs" | "roots">): ManagedRoot[] {
  const allowed = (roots ?? ["/"]).map((root) => cleanPath(byteString(root)));
  const found = jobs.flatMap((job) => {
    const isExcluded = exclusionOf(job);
    return job.paths.flatMap((text) => {
      const jobPath = cleanPath(byteString(text));
      return allowed.flatMap((root): ManagedRoot[] => {
        const path = isWithin(jobPath, root) ? jobPath : isWithin(root, jobPath) ? root : null;
        return path === null || isLeftOut(path, jobPath, isExcluded) ? [] : [{ path, jobPath, job, isExcluded }];
      });
    });
  });
  const first = new Map(found.reverse().map((root) => [`${root.job.repositoryId} ${root.path}`, root]));
  return [...first.values()].sort((a, b) => a.path.length - b.path.length || (a.path < b.path ? -1 : 1));
}

/** The path of a request and what it is managed by. Throws FileError: outside of all roots, and left out of the backup, are as good as not there. */
export function managedPlace(text: string, roots: readonly ManagedRoot[]): ManagedPlace {
  const path = pathOf(text);
  for (const root of roots.toReversed()) {
    if (isWithin(path, root.path) && !isLeftOut(path, root.jobPath, root.isExcluded)) return { path, root };
  }
  throw notFound(`${text} among the folders that can be managed here`);
}

/** The bytes of a path as people write it. Throws FileError for `.`, `..`, empty names and NUL. */
export function pathOf(text: string): ByteString {
  const bytes = bytesOfDisplayText(text);
  if (bytes === null) throw new FileError("MYCLOUD_INPUT", `${text} is no path: a backslash is written \\\\`);
  const path = bytes.length > 1 && bytes.endsWith("/") ? joinBytes(bytes.slice(0, -1)) : bytes;
  const isClean = path.startsWith("/") && !path.includes("\0") && cleanPath(path) === path;
  if (!isClean) throw new FileError("MYCLOUD_INPUT", `${text} is no path: it has an empty name, . or .. in it`);
  return path;
}

/** The names from one path down to another that lies within it. Pure. */
export function namesBelow(path: ByteString, folder: ByteString): ByteString[] {
  const rest = path.slice(folder === "/" ? 1 : folder.length + 1);
  return rest === "" ? [] : (rest.split("/") as ByteString[]);
}

/** A path one name deeper. Pure. */
export function below(folder: ByteString, name: ByteString): ByteString {
  return folder === "/" ? joinBytes("/", name) : joinBytes(folder, "/", name);
}

/** Whether the path, or a folder on the way to it, is left out of the backup: below what is left out nothing is asked for. */
function isLeftOut(path: ByteString, jobPath: ByteString, isExcluded: (path: ByteString) => boolean): boolean {
  let current = jobPath;
  if (isExcluded(current)) return true;
  for (const name of namesBelow(path, jobPath)) {
    current = below(current, name);
    if (isExcluded(current)) return true;
  }
  return false;
}

function exclusionOf({ exclude, excludeIgnoringCase }: ManagedJob): (path: ByteString) => boolean {
  return createExclude({
    patterns: exclude.map((pattern) => byteString(pattern)),
    caseInsensitive: excludeIgnoringCase.map((pattern) => byteString(pattern)),
  });
}
