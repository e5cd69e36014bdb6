import { ReadCredentials } from "@mycloud/protocol/backup-repository";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { AuthenticationError, ConflictError, NotFoundError } from "../error/index.ts";
import { IdParams } from "../http/id-params.ts";
import { forAgents, type Route, route } from "../http/route.ts";
import type { StorageSigner } from "../storage-capability/index.ts";
import { findStorageServer } from "./store.ts";

export interface AgentRepositoryRoutesDependencies {
  readonly database: Pick<ConnectedDatabase, "db">;
  readonly signer: StorageSigner;
}

/** As long as a backup run's token; the agent fetches the next one while it is needed. */
const tokenLifetimeMs = 15 * 60_000;

/** What agents need to look into repositories of their own host. */
export function createAgentRepositoryRoutes({ database: { db }, signer }: AgentRepositoryRoutesDependencies): Route[] {
  return [
    route({
      method: "post",
      path: "/api/v1/agent/backup-repositories/:id/read-credentials",
      summary: "Get a token that may read a private repository of this host",
      access: forAgents,
      params: IdParams,
      answer: ReadCredentials,
      handle: async ({ params: { id }, actor: { hostId } }): Promise<ReadCredentials> => {
        if (hostId === null) throw new AuthenticationError("only an enrolled agent may do this");
        const repository = await db
          .selectFrom("backup_repository")
          .select(["path", "storage_name", "key_mode", "host_name"])
          .where("id", "=", id)
          .where("host_id", "=", hostId)
          .executeTakeFirst();
        if (repository === undefined) throw new NotFoundError(`this host has no backup repository ${id}`);
        if (repository.key_mode !== "private") {
          throw new ConflictError("this repository is managed: whoever manages it looks into it");
        }
        const storage = await findStorageServer(db, repository.storage_name);
        if (storage === undefined) {
          throw new ConflictError(`the storage server "${repository.storage_name}" is not defined any more`);
        }
        const { token, expiresAtMs } = await signer.mint({
          repository: repository.path,
          verbs: ["read"],
          quotaBytes: null,
          lifetimeMs: tokenLifetimeMs,
          subject: `${repository.host_name}, looking into it`,
        });
        return {
          location: `rest:${storage.url}/${repository.path}/`,
          certificateAuthority: storage.certificateAuthority,
          token,
          tokenExpiresAtMs: expiresAtMs,
        };
      },
    }),
  ];
}
