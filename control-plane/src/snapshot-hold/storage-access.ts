import type { Backend } from "@mycloud/backup/backend";
import { openRestBackend } from "@mycloud/backup/backend/rest";
import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import { findStorageServer } from "../backup-repository/store.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { ConflictError } from "../error/index.ts";
import type { StorageSigner } from "../storage-capability/index.ts";

/** Works on the objects of a repository where they lie, without any key of it. */
export type StorageAccess = <Result>(
  repository: BackupRepository,
  verbs: readonly ("read" | "append" | "delete" | "maintain")[],
  work: (storage: Backend) => Promise<Result>,
) => Promise<Result>;

export interface StorageAccessDependencies {
  readonly database: ConnectedDatabase;
  readonly signer: StorageSigner;
}

/** Long enough for a few small requests to a slow server. */
const lifetimeMs = 2 * 60_000;

/** Makes one; what the storage server refuses comes out as the engine's errors. Throws ConflictError when the server is not defined any more. */
export function createStorageAccess({ database, signer }: StorageAccessDependencies): StorageAccess {
  return async (repository, verbs, work) => {
    const server = await findStorageServer(database.db, repository.storageName);
    if (server === undefined) {
      throw new ConflictError(`the storage server "${repository.storageName}" is not defined any more`);
    }
    const { path } = repository;
    const minted = await signer.mint({ repository: path, verbs, quotaBytes: null, lifetimeMs, subject: "holds" });
    const storage = openRestBackend(`rest:${server.url}/${path}/`, {
      readCredentials: async () => ({ token: minted.token }),
      certificateAuthority: server.certificateAuthority ?? undefined,
      connections: 1,
      connectTimeoutMs: 10_000,
      idleTimeoutMs: 20_000,
    });
    try {
      return await work(storage);
    } finally {
      await storage.close();
    }
  };
}
