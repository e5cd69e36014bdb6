import type { Backend } from "../backend/index.ts";
import { type Id, idOf } from "../blob/index.ts";
import { createCipher, generateMasterKey, type KdfParameters, type MasterKey } from "../crypto/index.ts";
import { DamagedError, ExistsError, InputError, NotFoundError, WrongPasswordError } from "../error/index.ts";
import { type KeyOwner, makeKeyFile } from "../key/key-file.ts";
import { searchKey } from "../key/search-key.ts";
import { createConfig, encodeConfig } from "./config.ts";
import type { Repository, RepositoryConfig } from "./repository.ts";

export interface InitOptions {
  readonly password: string;
  /** Of the format; 2 (with compression) unless given. */
  readonly version?: 1 | 2 | undefined;
  /** The config of a repository whose way of cutting files is taken over, so that copies between the two share their blobs. */
  readonly copyChunkerFrom?: RepositoryConfig | undefined;
  /** Who the first key is for; the user of this process on this host unless given. */
  readonly owner?: KeyOwner;
  /** Cost of the password; tests make it cheap. */
  readonly kdf?: KdfParameters;
  readonly masterKey?: MasterKey;
  readonly now: () => number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes a new repository and opens it (without cache). Where an earlier attempt was killed, it goes on from there.
 * Throws ExistsError when there is one, or what is left of one, InputError for an empty password.
 */
export async function initRepository(backend: Backend, options: InitOptions): Promise<Repository> {
  const { password, signal } = options;
  if (password === "") throw new InputError("an empty password protects nothing; give one");
  if ((await backend.stat({ type: "config", name: "" }, signal)) !== null) {
    throw new ExistsError(`there is a repository at ${backend.location} already`);
  }
  await refuseOverData(backend, signal);
  await backend.create(signal);
  const { keyId, key, isNew } = await leftKey(backend, options).then((left) => left ?? storeKey(backend, options));
  const config = createConfig(options);
  try {
    // The config last: it is what makes a place a repository, and of two who make one at once, one gets to write it.
    await backend.save({ type: "config", name: "" }, createCipher(key).seal(encodeConfig(config)), signal);
  } catch (error) {
    const isOurKeyUseless = error instanceof ExistsError && isNew;
    if (isOurKeyUseless) await backend.remove({ type: "keys", name: keyId }).catch(() => undefined);
    throw error;
  }
  const { SealedRepository } = await import("./sealed-repository.ts");
  return new SealedRepository({ backend, config, key, keyId, cache: null });
}

/** A repository whose config was lost: a new key over its data would lock its owner out. */
async function refuseOverData(backend: Backend, signal: AbortSignal | undefined): Promise<void> {
  for (const type of ["snapshots", "index"] as const) {
    const files = await backend.list(type, signal).catch((error: unknown) => {
      if (error instanceof NotFoundError) return [];
      throw error;
    });
    if (files.length === 0) continue;
    throw new ExistsError(
      `at ${backend.location} are ${type} of a repository that has lost its config; \`repair config\` makes a new one`,
    );
  }
}

interface StoredKey {
  readonly keyId: Id;
  readonly key: MasterKey;
  readonly isNew: boolean;
}

/** A key with this password that an attempt which was killed has left: a second one would open nothing, and confuse other programs. */
async function leftKey(backend: Backend, { password, masterKey, signal }: InitOptions): Promise<StoredKey | null> {
  if (masterKey !== undefined || (await backend.list("keys", signal)).length === 0) return null;
  try {
    return { ...(await searchKey(backend, password, { signal })), isNew: false };
  } catch (error) {
    if (error instanceof WrongPasswordError || error instanceof DamagedError) return null;
    throw error;
  }
}

async function storeKey(backend: Backend, options: InitOptions): Promise<StoredKey> {
  const { password, masterKey: key = generateMasterKey(), signal } = options;
  const keyFile = await makeKeyFile(key, password, options);
  const keyId = idOf(keyFile);
  await backend.save({ type: "keys", name: keyId }, keyFile, signal);
  return { keyId, key, isNew: true };
}
