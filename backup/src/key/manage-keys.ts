import type { Id } from "../blob/index.ts";
import type { KdfParameters } from "../crypto/index.ts";
import type { Repository } from "../repository/repository.ts";
import type { KeyInfo, KeyOwner } from "./key-file.ts";

export interface NewKeyOptions {
  /** The user of this process on this host unless given. */
  readonly owner?: KeyOwner;
  readonly kdf?: KdfParameters;
  readonly now: () => number;
  readonly signal?: AbortSignal;
}

/** The keys of a repository, oldest first. Throws DamagedError for a key file that cannot be read. */
export async function listKeys(_repository: Repository, _signal?: AbortSignal): Promise<KeyInfo[]> {
  throw new Error("listKeys is not built yet");
}

/** Adds a key with another password; returns its id. Throws InputError for an empty password. */
export async function addKey(_repository: Repository, _password: string, _options: NewKeyOptions): Promise<Id> {
  throw new Error("addKey is not built yet");
}

/** Removes a key, named by its id or the beginning of it. Throws NotFoundError, and InputError for the key in use or one of several. */
export async function removeKey(_repository: Repository, _idOrPrefix: string, _signal?: AbortSignal): Promise<Id> {
  throw new Error("removeKey is not built yet");
}

/** Replaces the key in use by one with this password; returns its id. The old password opens nothing from then on. */
export async function changePassword(_repository: Repository, _password: string, _options: NewKeyOptions): Promise<Id> {
  throw new Error("changePassword is not built yet");
}
