import { AgentCommand, type AgentCommandRequest } from "@mycloud/protocol/agent";
import { BackupRepository, BackupRepositoryFilter, RecoveryKit } from "@mycloud/protocol/backup-repository";
import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import type { AuditLog } from "../audit/index.ts";
import type { SendBackupCommand } from "../backup-run/send-command.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { ConflictError } from "../error/index.ts";
import { IdParams } from "../http/id-params.ts";
import { forAdmins, forOperators, forViewers, Reply, type Route, route } from "../http/route.ts";
import type { Sealer } from "../sealing/index.ts";
import type { StorageSigner } from "../storage-capability/index.ts";
import { managedPassword } from "./managed-password.ts";
import { findRepository, findStorageServer, listRepositories } from "./store.ts";

export interface RepositoryRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly sealer: Sealer;
  readonly signer: StorageSigner;
  readonly sendCommand: SendBackupCommand;
  readonly now: () => number;
}

/** Long enough to fetch everything by hand. */
const kitLifetimeMs = 7 * 86_400_000;

const verbs = [
  { verb: "run", kind: "backup-now", summary: "Have a host back up now" },
  { verb: "pause", kind: "backup-pause", summary: "Stop a host's backups where they are, until they are resumed" },
  { verb: "resume", kind: "backup-resume", summary: "Let a host's paused backups go on" },
] as const satisfies readonly { verb: string; kind: AgentCommandRequest["kind"]; summary: string }[];

/** What people see of repositories and do with them. */
export function createRepositoryRoutes(deps: RepositoryRoutesDependencies): Route[] {
  const { database, audit, sealer, signer, now } = deps;
  const { db } = database;
  return [
    route({
      method: "get",
      path: "/api/v1/backup-repositories",
      summary: "List backup repositories, one for each host and policy",
      access: forViewers,
      query: ListQuery,
      filter: BackupRepositoryFilter,
      answer: listAnswer(BackupRepository),
      handle: ({ query, scope }) => listRepositories(db, scope, query, now()),
    }),
    route({
      method: "get",
      path: "/api/v1/backup-repositories/:id",
      summary: "Show a backup repository",
      access: forViewers,
      params: IdParams,
      answer: BackupRepository,
      handle: ({ params, scope }) => findRepository(db, scope, params.id, now()),
    }),
    ...verbs.map(({ verb, kind, summary }) =>
      route({
        method: "post",
        path: `/api/v1/backup-repositories/:id/${verb}`,
        summary: `${summary}; answers the command to follow`,
        access: forOperators,
        params: IdParams,
        answer: AgentCommand,
        handle: async ({ params, actor, scope }) => {
          const repository = await findRepository(db, scope, params.id, now());
          if (!repository.isAssigned || repository.hostId === null) {
            throw new ConflictError(`no policy backs "${repository.hostName}" up into this repository any more`);
          }
          const request = { kind, repositoryId: repository.id };
          return new Reply(201, await deps.sendCommand({ actor, scope }, repository.hostId, request));
        },
      }),
    ),
    route({
      method: "post",
      path: "/api/v1/backup-repositories/:id/recovery-kit",
      summary: "What stock restic needs to open a repository: place, read token and, of a managed one, the password",
      access: forAdmins,
      params: IdParams,
      answer: RecoveryKit,
      handle: async ({ params, actor, scope }) =>
        await database.transaction(async (tx): Promise<RecoveryKit> => {
          const repository = await findRepository(tx, scope, params.id, now());
          const { id, hostName, policyName, keyMode, path, storageName } = repository;
          const storage = await findStorageServer(tx, storageName);
          if (storage === undefined)
            throw new ConflictError(`the storage server "${storageName}" is not defined any more`);
          const password = keyMode === "managed" ? await managedPassword(tx, sealer, id) : null;
          const { token, expiresAtMs } = await signer.mint({
            repository: path,
            // A reader's lock is an object, too.
            verbs: ["read", "append"],
            quotaBytes: null,
            lifetimeMs: kitLifetimeMs,
            subject: `recovery kit, ${actor.name}`,
          });
          await audit.record(tx, {
            actor,
            action: "backup-repository.recovery-kit",
            resourceKind: "backup-repository",
            resourceId: id,
            resourceName: path,
            after: { keyMode, tokenExpiresAtMs: expiresAtMs },
          });
          return {
            hostName,
            policyName,
            keyMode,
            storageUrl: storage.url,
            path,
            certificateAuthority: storage.certificateAuthority,
            password,
            token,
            tokenExpiresAtMs: expiresAtMs,
          };
        }),
    }),
  ];
}
