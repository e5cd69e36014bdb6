import { UnavailableError } from "../../error/index.ts";
import type { ObjectType } from "../repository/repository-layout.ts";

/** An object in the trash. */
export interface TrashedObject {
  readonly repository: string;
  readonly type: ObjectType;
  readonly name: string;
  readonly sizeBytes: number;
  /** Unix time by the server's clock at the time; for people. */
  readonly trashedAtMs: number;
  /** How much of the server's running time has passed since. */
  readonly ageMs: number;
}

/** A repository as its files show it. */
export interface RepositoryStatus {
  readonly name: string;
  readonly bytes: number;
  readonly objects: Readonly<Record<ObjectType, number>>;
  readonly trashBytes: number;
  readonly trashedObjects: number;
  readonly wanted: readonly {
    readonly type: ObjectType;
    readonly name: string;
    readonly foundAtMs: number;
    readonly reason: string;
  }[];
  /** Null until one came. */
  readonly lastSnapshotAtMs: number | null;
  /** When the last whole pass of the scrub began and ended; null before the first. */
  readonly lastScrub: { readonly startedAtMs: number; readonly finishedAtMs: number } | null;
}

/** The names of all repositories, sorted. */
export async function listRepositories(stateDirectory: string): Promise<readonly string[]> {
  throw new UnavailableError(`not built yet: ${stateDirectory}`);
}

/** Every repository, or one, as its files show it. Throws NotFoundError. */
export async function readStorageStatus(
  stateDirectory: string,
  repository?: string,
): Promise<readonly RepositoryStatus[]> {
  throw new UnavailableError(`not built yet: ${stateDirectory} ${repository}`);
}

/** What is in the trash of a repository, oldest first; of all when none is named. */
export async function listTrash(stateDirectory: string, repository?: string): Promise<readonly TrashedObject[]> {
  throw new UnavailableError(`not built yet: ${stateDirectory} ${repository}`);
}

/** Deletes what is in the trash of a repository (of all when none is named) for longer than `olderThanMs` (0: everything). */
export async function emptyTrash(
  stateDirectory: string,
  options: { readonly repository?: string; readonly olderThanMs?: number },
): Promise<{ readonly objects: number; readonly bytes: number }> {
  throw new UnavailableError(`not built yet: ${stateDirectory} ${options.repository}`);
}

/** Puts what was deleted back: everything in the trash, or names that start with one of these prefixes; or the whole repository if that was deleted. */
export async function undelete(
  stateDirectory: string,
  repository: string,
  options: { readonly types?: readonly ObjectType[]; readonly prefixes?: readonly string[] },
): Promise<{ readonly objects: number; readonly bytes: number }> {
  throw new UnavailableError(`not built yet: ${stateDirectory} ${repository} ${options.types}`);
}
