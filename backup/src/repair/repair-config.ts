import type { Backend } from "../backend/index.ts";
import type { Id } from "../blob/index.ts";
import { createCipher, type MasterKey } from "../crypto/index.ts";
import { DamagedError, NotFoundError } from "../error/index.ts";
import { searchKey } from "../key/search-key.ts";
import { createConfig, encodeConfig } from "../repository/config.ts";
import type { RepositoryConfig } from "../repository/repository.ts";
import { decodeUnpacked } from "../repository/unpacked.ts";

export interface RepairConfigOptions {
  readonly isDryRun?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface RepairConfigResult {
  /** Null when the config that is there opens: nothing was changed. */
  readonly config: RepositoryConfig | null;
  readonly keyId: Id;
}

/**
 * Makes a new config where the repository's own is damaged or lost, with what is known without it: the key that opens what is stored, and the
 * version that it is stored in. The id and the way of cutting files are new ones, so caches start anew, and content that is read again is
 * stored again once. Killed in between there is no config, and the same again makes one. Throws NotFoundError without keys,
 * WrongPasswordError, DamagedError when no key opens what is stored.
 */
export async function repairConfig(
  backend: Backend,
  password: string,
  { isDryRun = false, signal }: RepairConfigOptions = {},
): Promise<RepairConfigResult> {
  const damaged = await loadConfigBytes(backend, signal);
  const documents = await loadDocuments(backend, signal);
  const opensWhatIsStored = async (key: MasterKey) => {
    const cipher = createCipher(key);
    if (damaged !== null && cipher.open(damaged) !== null) return true;
    return documents.length === 0 || documents.some((sealed) => cipher.open(sealed) !== null);
  };
  const { keyId, key } = await searchKey(backend, password, { opensConfig: opensWhatIsStored, signal }).catch(
    (error: unknown) => {
      if (!(error instanceof DamagedError) || error.object !== "config") throw error;
      throw new DamagedError("keys", "none that the password opens is that of the snapshots and indexes", {
        cause: error,
      });
    },
  );
  const cipher = createCipher(key);
  if (damaged !== null && cipher.open(damaged) !== null) return { config: null, keyId };
  const config = createConfig({ version: documents.some((sealed) => isVersion2(cipher.open(sealed))) ? 2 : 1 });
  if (!isDryRun) {
    if (damaged !== null) await backend.remove({ type: "config", name: "" }, signal);
    await backend.save({ type: "config", name: "" }, cipher.seal(encodeConfig(config)), signal);
  }
  return { config, keyId };
}

/** Null when there is none. */
async function loadConfigBytes(backend: Backend, signal: AbortSignal | undefined): Promise<Uint8Array | null> {
  const handle = { type: "config", name: "" } as const;
  if ((await backend.stat(handle, signal)) === null) return null;
  return await backend.load(handle, undefined, signal);
}

/** So many of each type are enough to tell the key by, should some be damaged too. */
const mostDocuments = 50;

async function loadDocuments(backend: Backend, signal: AbortSignal | undefined): Promise<Uint8Array[]> {
  const documents: Uint8Array[] = [];
  for (const type of ["snapshots", "index"] as const) {
    for (const { name } of (await backend.list(type, signal)).slice(0, mostDocuments)) {
      const sealed = await backend.load({ type, name }, undefined, signal).catch((error: unknown) => {
        if (error instanceof NotFoundError || error instanceof DamagedError) return null;
        throw error;
      });
      if (sealed !== null) documents.push(sealed);
    }
  }
  return documents;
}

/** Whether a document shows that the repository has compression: it is compressed, or an index of compressed blobs. */
function isVersion2(encoded: Uint8Array | null): boolean {
  if (encoded === null) return false;
  const json = decodeUnpacked(encoded);
  if (json !== null && json !== encoded) return true;
  return json !== null && Buffer.from(json.buffer, json.byteOffset, json.length).includes('"uncompressed_length"');
}
