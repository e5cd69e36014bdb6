import { Host, HostFilter, HostInput } from "@mycloud/protocol/host";
import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import { Explanation } from "@mycloud/protocol/service";
import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import { syncServicesOfHosts } from "../check/sync-services.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import type { Actor } from "../http/actor.ts";
import { IdParams } from "../http/id-params.ts";
import { forOperators, forViewers, type Route, route } from "../http/route.ts";
import { findLogPipeline } from "../log-pipeline/index.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import { findProbing } from "../prober/store.ts";
import type { ProblemRootsReader } from "../problem/problem-roots.ts";
import { ownInput } from "../scope/index.ts";
import { explain } from "../service/explain.ts";
import { createHost } from "./create-host.ts";
import { refuseWrongParents } from "./refuse-wrong-parents.ts";
import { deleteHost, findHost, findOwnCheckAttempts, listHosts, namedHostsAfterWriting, updateHost } from "./store.ts";

export interface HostRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  /** What explanations need. */
  readonly definitions: DefinitionCache;
  readonly roots: Pick<ProblemRootsReader, "read">;
  readonly now: () => number;
}

/** Hosts: read by everybody in scope, written by operators; every change brings their services in line with the checks. */
export function createHostRoutes(dependencies: HostRoutesDependencies): Route[] {
  const { database, audit, changes, definitions, roots, now } = dependencies;
  const { db, dialect } = database;

  async function record(tx: Executor, actor: Actor, verb: string, before: Host | null, after: Host | null) {
    const host = after ?? before;
    await audit.record(tx, {
      actor,
      action: `host.${verb}`,
      resourceKind: "host",
      resourceId: host?.id ?? null,
      resourceName: host?.name ?? null,
      before,
      after,
    });
  }

  return [
    route({
      method: "get",
      path: "/api/v1/hosts",
      summary: "List hosts with their states",
      access: forViewers,
      query: ListQuery,
      filter: HostFilter,
      answer: listAnswer(Host),
      handle: ({ scope, query }) => listHosts(db, dialect, scope, query, now()),
    }),
    route({
      method: "get",
      path: "/api/v1/hosts/:id",
      summary: "Show a host with its state",
      access: forViewers,
      params: IdParams,
      answer: Host,
      async handle({ scope, params }) {
        const host = await findHost(db, dialect, scope, params.id, now());
        return { ...host, logPipeline: await findLogPipeline(db, scope, host.id) };
      },
    }),
    route({
      method: "get",
      path: "/api/v1/hosts/:id/explanation",
      summary: "Why a host is in its state, and who was told",
      access: forViewers,
      params: IdParams,
      answer: Explanation,
      async handle({ scope, params }) {
        const host = await findHost(db, dialect, scope, params.id, now());
        const probing = (await findProbing(db, dialect, [host.id], now())).get(host.id);
        const { command = null, arguments: words = [] } = host.hostCheck ?? {};
        const explained = { ...host, command, arguments: words, probing };
        return await explain({ database, definitions, roots, now }, scope, host.id, null, explained);
      },
    }),
    route({
      method: "post",
      path: "/api/v1/hosts",
      summary: "Create a host",
      access: forOperators,
      body: HostInput,
      answer: Host,
      async handle({ actor, scope, body }) {
        const input = ownInput(scope, body, "hosts");
        const created = await database.transaction(async (tx) => {
          const id = await createHost(tx, dialect, { ...input, origin: "operator" }, now());
          await refuseWrongParents(tx, scope, input);
          await syncServicesOfHosts(tx, dialect, [id], "refuse", now());
          const after = await findHost(tx, dialect, scope, id, now());
          await record(tx, actor, "create", null, after);
          return after;
        });
        changes.publish("definitions", null);
        return created;
      },
    }),
    route({
      method: "put",
      path: "/api/v1/hosts/:id",
      summary: "Change a host",
      access: forOperators,
      params: IdParams,
      body: HostInput,
      answer: Host,
      async handle({ actor, scope, params: { id }, body }) {
        const input = ownInput(scope, body, "hosts");
        const updated = await database.transaction(async (tx) => {
          const before = await findHost(tx, dialect, scope, id, now());
          // Shown are the attempts of its host check, or what an operator changed them to; sent back as shown, they change nothing.
          const isAsShown = input.maxCheckAttempts === before.maxCheckAttempts;
          const own = isAsShown ? { maxCheckAttempts: await findOwnCheckAttempts(tx, id) } : {};
          const named = await namedHostsAfterWriting(tx, scope, id, input);
          await updateHost(tx, dialect, id, { ...input, ...own, ...named }, now());
          await refuseWrongParents(tx, scope, input);
          await syncServicesOfHosts(tx, dialect, [id], "refuse", now());
          const after = await findHost(tx, dialect, scope, id, now());
          await record(tx, actor, "update", before, after);
          return after;
        });
        changes.publish("definitions", null);
        return updated;
      },
    }),
    route({
      method: "delete",
      path: "/api/v1/hosts/:id",
      summary: "Delete a host with its services, history and agent",
      access: forOperators,
      params: IdParams,
      answer: Host,
      async handle({ actor, scope, params: { id } }) {
        const deleted = await database.transaction(async (tx) => {
          const before = await findHost(tx, dialect, scope, id, now());
          await deleteHost(tx, id);
          await record(tx, actor, "delete", before, null);
          return before;
        });
        changes.publish("definitions", null);
        return deleted;
      },
    }),
  ];
}
