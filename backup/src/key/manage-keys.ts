import { type Id, idOf } from "../blob/index.ts";
import { DamagedError, InputError, NotFoundError } from "../error/index.ts";
import type { Repository } from "../repository/repository.ts";
import { type KeyInfo, makeKeyFile, type NewKeyOptions, openKeyFile, parseKeyFile } from "./key-file.ts";
import { loadKeyFile } from "./search-key.ts";

/** The keys of a repository, oldest first. Damaged key files are left out. */
export async function listKeys(repository: Repository, signal?: AbortSignal): Promise<KeyInfo[]> {
  const keys: KeyInfo[] = [];
  for (const { name: id } of await repository.backend.list("keys", signal)) {
    try {
      const { created, username, hostname } = parseKeyFile(id, await loadKeyFile(repository.backend, id, signal));
      keys.push({ id, created, username, hostname, isCurrent: id === repository.keyId });
    } catch (error) {
      if (!(error instanceof DamagedError || error instanceof NotFoundError)) throw error;
    }
  }
  return keys.sort((a, b) => Date.parse(a.created) - Date.parse(b.created) || (a.id < b.id ? -1 : 1));
}

/** Adds a key with another password; returns its id. Throws InputError for an empty password. */
export async function addKey(repository: Repository, password: string, options: NewKeyOptions): Promise<Id> {
  const bytes = await makeKeyFile(repository.key, password, options);
  const id = idOf(bytes);
  await repository.backend.save({ type: "keys", name: id }, bytes, options.signal);
  return id;
}

/** Removes a key, named by its id or the beginning of it; returns its id. Throws NotFoundError, and InputError for the key in use or the last. */
export async function removeKey(repository: Repository, idOrPrefix: string, signal?: AbortSignal): Promise<Id> {
  const ids = (await repository.backend.list("keys", signal)).map(({ name }) => name);
  const [id, another] = idOrPrefix === "" ? [] : ids.filter((name) => name.startsWith(idOrPrefix));
  if (id === undefined) throw new NotFoundError(`no key begins with "${idOrPrefix}"`);
  if (another !== undefined) throw new InputError(`more than one key begins with "${idOrPrefix}"; write more of it`);
  if (id === repository.keyId) {
    throw new InputError(
      `key ${id.slice(0, 8)} is the one in use; open the repository with another password to remove it`,
    );
  }
  if (ids.length === 1) throw new InputError(`key ${id.slice(0, 8)} is the last: nothing would open the repository`);
  await repository.backend.remove({ type: "keys", name: id }, signal);
  return id;
}

/** Replaces the key in use by one with this password; returns its id. The old password opens nothing from then on. */
export async function changePassword(repository: Repository, password: string, options: NewKeyOptions): Promise<Id> {
  const id = await addKey(repository, password, options);
  // Read back before the only other way in is removed.
  const stored = parseKeyFile(id, await loadKeyFile(repository.backend, id, options.signal));
  if ((await openKeyFile(id, stored, password)) === null) {
    throw new DamagedError(`keys/${id}`, "the new key does not open; the old one was kept");
  }
  await repository.backend.remove({ type: "keys", name: repository.keyId }, options.signal);
  return id;
}
