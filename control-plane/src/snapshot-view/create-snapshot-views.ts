import { join } from "node:path";
import { UnavailableError as BackupUnavailableError } from "@mycloud/backup/error";
import { createSnapshotReader, type RepositoryAccess } from "@mycloud/backup/snapshot-reader";
import type { ViewHead, ViewRequest } from "@mycloud/protocol/snapshot-view";
import type { AskAgent } from "../agent-question/ask-agent.ts";
import { managedPassword } from "../backup-repository/managed-password.ts";
import { findStorageServer } from "../backup-repository/store.ts";
import { ConflictError, NotFoundError, UnavailableError } from "../error/index.ts";
import type { Core, Part } from "../part.ts";
import { createStorageSigner } from "../storage-capability/index.ts";
import type { AskRepository, ViewAnswer } from "./ask-repository.ts";
import { domainBody, toDomainError } from "./domain-errors.ts";

export interface SnapshotViewsDependencies {
  /** For private repositories, which only their own host can open. */
  readonly askAgent: AskAgent;
}

export interface SnapshotViews {
  readonly part: Part;
  readonly askRepository: AskRepository;
}

/** Renewed when the storage server refuses it. */
const tokenLifetimeMs = 15 * 60_000;

/** Who answers questions about a repository, found anew for each question: its place or its storage server may have changed. */
interface Answerer {
  readonly hostId: number | null;
  readonly keyMode: string;
  readonly location: string;
  readonly certificateAuthority: string | null;
  readonly path: string;
}

/** Looks into repositories: managed ones by a process of this machine, private ones by their own host's agent. */
export function createSnapshotViews(core: Core, { askAgent }: SnapshotViewsDependencies): SnapshotViews {
  const { database, sealer, configuration, logger } = core;
  const signer = createStorageSigner(core);
  const reader = createSnapshotReader({
    cacheDirectory: join(configuration.stateDir, "snapshot-cache"),
    findAccess,
    onLine: (line) => logger.warn({ line }, "snapshot reader"),
  });

  async function findAnswerer(repositoryId: number): Promise<Answerer> {
    const row = await database.db
      .selectFrom("backup_repository")
      .select(["host_id", "key_mode", "storage_name", "path"])
      .where("id", "=", repositoryId)
      .executeTakeFirst();
    if (row === undefined) throw new NotFoundError(`there is no backup repository ${repositoryId}`);
    const storage = await findStorageServer(database.db, row.storage_name);
    if (storage === undefined) {
      throw new ConflictError(`the storage server "${row.storage_name}" is not defined any more`);
    }
    return {
      hostId: row.host_id,
      keyMode: row.key_mode,
      location: `rest:${storage.url}/${row.path}/`,
      certificateAuthority: storage.certificateAuthority,
      path: row.path,
    };
  }

  /** What the process asks for when it opens a repository or needs a new token. */
  async function findAccess(name: string): Promise<RepositoryAccess> {
    const repositoryId = idOfName(name);
    try {
      const { location, certificateAuthority, path } = await findAnswerer(repositoryId);
      const password = await managedPassword(database.db, sealer, repositoryId);
      const { token } = await signer.mint({
        repository: path,
        verbs: ["read"],
        quotaBytes: null,
        lifetimeMs: tokenLifetimeMs,
        subject: "snapshot reader",
      });
      return { location, certificateAuthority, token, password };
    } catch (error) {
      logger.warn({ err: error, repositoryId }, "a repository cannot be opened to look into it");
      throw new BackupUnavailableError("the repository cannot be opened at the moment", { cause: error });
    }
  }

  async function askManaged<Request extends ViewRequest>(
    repositoryId: number,
    answerer: Answerer,
    request: Request,
    signal: AbortSignal,
  ): Promise<ViewAnswer<Request["kind"]>> {
    try {
      const { head, body } = await reader.ask(nameOf(repositoryId, answerer), request, signal);
      return {
        head: headOf<Request["kind"]>(head, request.kind),
        body: body === null ? null : domainBody(body, signal),
      };
    } catch (error) {
      throw toDomainError(error, signal);
    }
  }

  async function askPrivate<Request extends ViewRequest>(
    repositoryId: number,
    { hostId }: Answerer,
    request: Request,
    signal: AbortSignal,
  ): Promise<ViewAnswer<Request["kind"]>> {
    if (hostId === null) {
      throw new ConflictError("the machine that alone can open this repository is not known here any more");
    }
    const { head, body } = await askAgent(hostId, { kind: "view", repositoryId, request }, { signal });
    if (!("view" in head)) throw new UnavailableError("the machine's agent answered another question");
    return { head: headOf<Request["kind"]>(head.view, request.kind), body };
  }

  return {
    part: { name: "snapshot-view", stop: () => reader.stop() },
    askRepository: async (repositoryId, request, { signal }) => {
      const answerer = await findAnswerer(repositoryId);
      const ask = answerer.keyMode === "managed" ? askManaged : askPrivate;
      return await ask(repositoryId, answerer, request, signal);
    },
  };
}

/** Throws UnavailableError when it is the head of another kind of answer. */
function headOf<Kind extends ViewRequest["kind"]>(head: ViewHead, kind: Kind): Extract<ViewHead, { kind: Kind }> {
  if (isOfKind(head, kind)) return head;
  throw new UnavailableError(`${head.kind} was answered where ${kind} was asked`);
}

function isOfKind<Kind extends ViewRequest["kind"]>(
  head: ViewHead,
  kind: Kind,
): head is Extract<ViewHead, { kind: Kind }> {
  return head.kind === kind;
}

/** The reader's name of a repository: another one when it lies elsewhere now, so that it is opened anew. */
function nameOf(repositoryId: number, { location, certificateAuthority }: Answerer): string {
  return JSON.stringify([repositoryId, location, certificateAuthority]);
}

function idOfName(name: string): number {
  return Number(JSON.parse(name)[0]);
}
