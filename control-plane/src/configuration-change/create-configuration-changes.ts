import { ConfigurationChanges } from "@mycloud/protocol/configuration-change";
import { listRepositories } from "../backup-repository/store.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { DomainError } from "../error/index.ts";
import { findHost } from "../host/store.ts";
import { IdParams } from "../http/id-params.ts";
import { forViewers, type Route, type RouteInput, route } from "../http/route.ts";
import { findService } from "../service/store.ts";
import type { AskRepository } from "../snapshot-view/ask-repository.ts";
import type { StaffAccess } from "../staff-access/index.ts";
import { findConfigurationChanges } from "./find-configuration-changes.ts";
import { findConfigurationPaths } from "./find-configuration-paths.ts";

export interface ConfigurationChangesDependencies {
  readonly database: ConnectedDatabase;
  readonly ask: AskRepository;
  readonly staff: StaffAccess;
  readonly now: () => number;
}

interface Subject {
  readonly hostId: number;
  readonly lastOkAtMs: number | null;
  readonly problemId: number | null;
}

type Input = Pick<RouteInput<unknown, unknown, unknown>, "actor" | "scope" | "signal">;

/** For staff looking at a customer's: an hour of looking is one entry of the audit. */
const noteEveryMs = 3_600_000;

/** What changed in a host's configuration before a problem, for its page. */
export function createConfigurationChangeRoutes(deps: ConfigurationChangesDependencies): Route[] {
  const { database, now } = deps;
  const { db, dialect } = database;
  return [
    route({
      method: "get",
      path: "/api/v1/services/:id/configuration-changes",
      summary: "What changed in the host's configuration between the last OK and the problem, told from its backups",
      access: forViewers,
      params: IdParams,
      answer: ConfigurationChanges,
      handle: async ({ params, ...input }) =>
        await answer(deps, input, await findService(db, dialect, input.scope, params.id, now())),
    }),
    route({
      method: "get",
      path: "/api/v1/hosts/:id/configuration-changes",
      summary: "What changed in a host's configuration between the last UP and the problem, told from its backups",
      access: forViewers,
      params: IdParams,
      answer: ConfigurationChanges,
      handle: async ({ params, ...input }) => {
        const host = await findHost(db, dialect, input.scope, params.id, now());
        return await answer(deps, input, { ...host, hostId: host.id });
      },
    }),
  ];
}

async function answer(
  { database, ask, staff, now }: ConfigurationChangesDependencies,
  { actor, scope, signal }: Input,
  subject: Subject,
): Promise<ConfigurationChanges> {
  const { hostId, lastOkAtMs, problemId } = subject;
  const problem =
    problemId === null
      ? undefined
      : await database.db.selectFrom("problem").select("started_at_ms").where("id", "=", problemId).executeTakeFirst();
  const nothing = { lastOkAtMs, startedAtMs: problem?.started_at_ms ?? null, repositories: [] };
  if (problem === undefined) return { ...nothing, message: "There is no problem." };
  const filter = JSON.stringify({ hostId });
  const query = { page: 1, perPage: 20, order: "ASC", filter } as const;
  const { data: repositories } = await listRepositories(database.db, scope, query, now());
  if (repositories.length === 0) return { ...nothing, message: "Nothing of this host is backed up." };
  const times = { lastOkAtMs, startedAtMs: problem.started_at_ms };
  const found: ConfigurationChanges["repositories"] = [];
  for (const repository of repositories) {
    await staff.note(actor, {
      customer: repository.customer,
      action: "snapshot.configuration-changes",
      resourceKind: "backup-repository",
      resourceId: repository.id,
      resourceName: repository.path,
      detail: { hostName: repository.hostName, problemId },
      onceInMs: noteEveryMs,
    });
    try {
      const folders = await findConfigurationPaths(database.db, repository.policyId);
      found.push(await findConfigurationChanges(ask, repository, folders, times, signal));
    } catch (error) {
      // One repository that cannot be read says so; the others still tell what they know.
      if (!(error instanceof DomainError)) throw error;
      const { id: repositoryId, policyName } = repository;
      const unread = { from: null, to: null, paths: [], changes: [], isTruncated: false, diffs: [] };
      found.push({ repositoryId, policyName, ...unread, message: error.message });
    }
  }
  return { ...nothing, repositories: found, message: null };
}
