import type { Backend } from "../backend/index.ts";
import type { Id } from "../blob/index.ts";
import type { Repository } from "./repository.ts";

export interface OpenOptions {
  /** Where index files, snapshots and trees are kept between runs; null for nowhere. Repositories that are not remote need none. */
  readonly cacheDirectory: string | null;
  /** The present, in milliseconds since 1970. */
  readonly now: () => number;
  /** The key file to try first. */
  readonly keyHint?: Id;
  readonly signal?: AbortSignal;
}

/**
 * Opens a repository; reads config and keys only. Throws NotFoundError when there is none, WrongPasswordError, DamagedError, InputError for
 * a version of the format that this program does not know.
 */
export async function openRepository(_backend: Backend, _password: string, _options: OpenOptions): Promise<Repository> {
  throw new Error("openRepository is not built yet");
}
