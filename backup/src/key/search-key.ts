import type { Backend } from "../backend/index.ts";
import { type Id, idOf } from "../blob/index.ts";
import type { MasterKey } from "../crypto/index.ts";
import { DamagedError, NotFoundError, WrongPasswordError } from "../error/index.ts";
import type { HeadStart } from "../stretching/index.ts";
import { openKeyFile, parseKeyFile } from "./key-file.ts";

/** So many keys are tried at most, as by restic: each costs a good part of a second. */
const mostKeysTried = 20;

export interface KeySearch {
  /** The key file to try first. */
  readonly hint?: Id | undefined;
  /**
   * Whether a key that the password opens is the repository's: an `init` that was killed leaves one of its own, perhaps with the same
   * password.
   */
  readonly opensConfig?: (key: MasterKey) => Promise<boolean>;
  /** Called each time the password is being stretched by another thread, which takes a good part of a second. */
  readonly onStretching?: (() => void) | undefined;
  /** The password as it is being stretched already. */
  readonly headStart?: HeadStart | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds the key that a password opens. Key files that are damaged are passed over, so that one of them locks nobody out.
 * Throws WrongPasswordError, NotFoundError when there are no keys, DamagedError when no key but a damaged one is left or the config
 * opens with none.
 */
export async function searchKey(
  backend: Backend,
  password: string,
  options: KeySearch = {},
): Promise<{ readonly keyId: Id; readonly key: MasterKey }> {
  const ids = (await backend.list("keys", options.signal)).map(({ name }) => name).sort();
  if (ids.length === 0) throw new NotFoundError(`${backend.location} has no keys: it is no repository`);
  if (options.hint !== undefined && ids.includes(options.hint)) ids.unshift(options.hint);
  const candidates = [...new Set(ids)].slice(0, mostKeysTried);
  const damages: DamagedError[] = [];
  let isConfigDamaged = false;
  for (const keyId of candidates) {
    try {
      const key = await tryKey(backend, keyId, password, options);
      if (key === null) continue;
      if (options.opensConfig === undefined || (await options.opensConfig(key))) return { keyId, key };
      isConfigDamaged = true;
    } catch (error) {
      if (error instanceof NotFoundError) continue;
      if (!(error instanceof DamagedError)) throw error;
      damages.push(error);
    }
  }
  if (isConfigDamaged) {
    throw new DamagedError("config", "its MAC is wrong: bytes of it have changed; `repair config` makes a new one");
  }
  const [damage] = damages;
  if (damage !== undefined && damages.length === candidates.length) throw damage;
  const others = damage === undefined ? "" : ` (and ${damages.length} more that cannot be read: ${damage.message})`;
  const untried = ids.length > candidates.length ? `; only the first ${mostKeysTried} were tried` : "";
  throw new WrongPasswordError(
    `the password opens none of the ${candidates.length - damages.length} keys of ${backend.location}${others}${untried}`,
  );
}

async function tryKey(
  backend: Backend,
  keyId: Id,
  password: string,
  { onStretching, headStart, signal }: KeySearch,
): Promise<MasterKey | null> {
  try {
    const file = parseKeyFile(keyId, await loadKeyFile(backend, keyId, signal));
    const opening = openKeyFile(keyId, file, password, headStart);
    // Whatever is done there, a failure to open the key is reported below.
    opening.catch(() => undefined);
    onStretching?.();
    return await opening;
  } catch (error) {
    if (!(error instanceof DamagedError)) throw error;
    // A name or a date in it may be all that has changed; what it seals has a MAC of its own, and it may be the only way in.
    const bytes = await backend.load({ type: "keys", name: keyId }, undefined, signal);
    const key = await openKeyFile(keyId, parseKeyFile(keyId, bytes), password);
    if (key === null) throw error;
    return key;
  }
}

/** A key file's bytes, compared with its name; read twice before it is called damaged. Throws NotFoundError, DamagedError. */
export async function loadKeyFile(backend: Backend, id: Id, signal?: AbortSignal): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt++) {
    const bytes = await backend.load({ type: "keys", name: id }, undefined, signal);
    if (idOf(bytes) === id) return bytes;
    if (attempt === 2) throw new DamagedError(`keys/${id}`, "is not what its name says: bytes of it have changed");
  }
}
