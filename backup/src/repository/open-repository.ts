import type { Backend } from "../backend/index.ts";
import type { Id } from "../blob/index.ts";
import { createCipher, type MasterKey } from "../crypto/index.ts";
import { DamagedError, NotFoundError } from "../error/index.ts";
import { searchKey } from "../key/search-key.ts";
import type { HeadStart } from "../stretching/index.ts";
import { decodeConfig } from "./config.ts";
import type { Repository, RepositoryConfig } from "./repository.ts";

export interface OpenOptions {
  /** Where index files, snapshots and trees are kept between runs; null for nowhere. Repositories that are not remote need none. */
  readonly cacheDirectory: string | null;
  /** Bytes that packs of trees may take there; default 1 GiB. */
  readonly cacheCapacityBytes?: number | undefined;
  /** The present, in milliseconds since 1970. */
  readonly now: () => number;
  /** The key file to try first. */
  readonly keyHint?: Id;
  /** Called while the password is being stretched by another thread: time to load or look at what will be needed. */
  readonly onStretching?: () => void;
  /** The password as it is being stretched already, by a program that could not wait for its other modules. */
  readonly headStart?: HeadStart | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens a repository; reads config and keys only. Throws NotFoundError when there is none, WrongPasswordError, DamagedError, InputError for
 * a version of the format that this program does not know.
 */
export async function openRepository(backend: Backend, password: string, options: OpenOptions): Promise<Repository> {
  const { keyHint: hint, headStart, signal } = options;
  // Before the keys: a place without config is no repository, whatever else is there.
  if ((await backend.stat({ type: "config", name: "" }, signal)) === null) {
    throw new NotFoundError(`there is no repository at ${backend.location}: it has no config`);
  }
  const configs = new Map<MasterKey, RepositoryConfig>();
  const opensConfig = async (candidate: MasterKey) => {
    const config = await loadConfig(backend, candidate, signal);
    if (config !== null) configs.set(candidate, config);
    return config !== null;
  };
  const onStretching = () => {
    options.onStretching?.();
    // A failure to load this is reported below.
    loadSealed().catch(() => undefined);
  };
  const { keyId, key } = await searchKey(backend, password, { hint, opensConfig, onStretching, headStart, signal });
  const config = configs.get(key);
  if (config === undefined) throw new DamagedError("config", "opens with no key");
  const isCached = options.cacheDirectory !== null && backend.isRemote;
  const { now, cacheCapacityBytes: capacityBytes } = options;
  const caching = { now, ...(capacityBytes === undefined ? {} : { capacityBytes }) };
  const cache = isCached
    ? await (await import("../cache/index.ts")).openCache(options.cacheDirectory, config.id, caching)
    : null;
  const { SealedRepository } = await loadSealed();
  return new SealedRepository({ backend, config, key, keyId, cache });
}

/** What an open repository needs: loaded while the password is being stretched, or it would take that much longer. */
function loadSealed() {
  return import("./sealed-repository.ts");
}

/** Null when the config does not open with this key; read twice before that is said. */
async function loadConfig(
  backend: Backend,
  key: MasterKey,
  signal: AbortSignal | undefined,
): Promise<RepositoryConfig | null> {
  for (let attempt = 1; attempt <= 2; attempt++) {
    const opened = createCipher(key).open(await backend.load({ type: "config", name: "" }, undefined, signal));
    if (opened !== null) return decodeConfig(parse(opened));
  }
  return null;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch (cause) {
    throw new DamagedError("config", "is no JSON", { cause });
  }
}
