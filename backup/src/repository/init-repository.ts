import type { Backend } from "../backend/index.ts";
import type { KdfParameters, MasterKey } from "../crypto/index.ts";
import type { KeyOwner } from "../key/index.ts";
import type { Repository, RepositoryConfig } from "./repository.ts";

export interface InitOptions {
  readonly password: string;
  /** Of the format; 2 (with compression) unless given. */
  readonly version?: 1 | 2;
  /** The config of a repository whose way of cutting files is taken over, so that copies between the two share their blobs. */
  readonly copyChunkerFrom?: RepositoryConfig;
  /** Who the first key is for; the user of this process on this host unless given. */
  readonly owner?: KeyOwner;
  /** Cost of the password; tests make it cheap. */
  readonly kdf?: KdfParameters;
  readonly masterKey?: MasterKey;
  readonly now: () => number;
  readonly signal?: AbortSignal;
}

/** Makes a new repository and opens it (without cache). Throws ExistsError when there is one, InputError for an empty password. */
export async function initRepository(_backend: Backend, _options: InitOptions): Promise<Repository> {
  throw new Error("initRepository is not built yet");
}
