import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import type { ResourceDefinition } from "@mycloud/protocol/resource";
import {
  Explanation,
  PassiveServiceInput,
  PassiveServiceSettings,
  Service,
  ServiceFilter,
} from "@mycloud/protocol/service";
import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import { deleteServices } from "../check/sync-services.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { refuseMissing } from "../definition/refuse-missing.ts";
import { ConflictError, InputError } from "../error/index.ts";
import { findHost } from "../host/store.ts";
import type { Actor } from "../http/actor.ts";
import { IdParams } from "../http/id-params.ts";
import { forOperators, forViewers, type Route, route } from "../http/route.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import { findProbing } from "../prober/store.ts";
import type { ProblemRootsReader } from "../problem/problem-roots.ts";
import { createServices } from "./create-services.ts";
import { explain } from "./explain.ts";
import { findOwnAttempts, findService, listServices, updatePassiveService } from "./store.ts";

export interface ServiceRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  /** What explanations need. */
  readonly definitions: DefinitionCache;
  readonly roots: Pick<ProblemRootsReader, "read">;
  readonly now: () => number;
}

/** Services: read by everybody in scope; passive ones are written by operators, the others follow their check. */
export function createServiceRoutes(dependencies: ServiceRoutesDependencies): Route[] {
  const { database, audit, changes, definitions, roots, now } = dependencies;
  const { db, dialect } = database;

  async function record(tx: Executor, actor: Actor, verb: string, before: Service | null, after: Service | null) {
    const service = after ?? before;
    await audit.record(tx, {
      actor,
      action: `service.${verb}`,
      resourceKind: "service",
      resourceId: service?.id ?? null,
      resourceName: service === null ? null : `${service.hostName}/${service.name}`,
      before,
      after,
    });
  }

  function refuseChecked(service: Service): void {
    if (service.isPassive) return;
    throw new ConflictError(
      `service "${service.name}" on host "${service.hostName}" comes from check "${service.checkName}"; change the check instead`,
    );
  }

  return [
    route({
      method: "get",
      path: "/api/v1/services",
      summary: "List services with their states",
      access: forViewers,
      query: ListQuery,
      filter: ServiceFilter,
      answer: listAnswer(Service),
      handle: ({ scope, query }) => listServices(db, dialect, scope, query, now()),
    }),
    route({
      method: "get",
      path: "/api/v1/services/:id",
      summary: "Show a service with its state",
      access: forViewers,
      params: IdParams,
      answer: Service,
      handle: ({ scope, params }) => findService(db, dialect, scope, params.id, now()),
    }),
    route({
      method: "get",
      path: "/api/v1/services/:id/explanation",
      summary: "Why a service is in its state, and who was told",
      access: forViewers,
      params: IdParams,
      answer: Explanation,
      async handle({ scope, params }) {
        const service = await findService(db, dialect, scope, params.id, now());
        const probing = service.isPassive
          ? undefined
          : (await findProbing(db, dialect, [service.hostId], now())).get(service.hostId);
        const explained = { ...service, probing };
        return await explain({ database, definitions, roots, now }, scope, service.hostId, service.id, explained);
      },
    }),
    route({
      method: "post",
      path: "/api/v1/services",
      summary: "Create a passive service",
      access: forOperators,
      body: PassiveServiceInput,
      answer: Service,
      async handle({ actor, scope, body }) {
        const created = await database.transaction(async (tx) => {
          const host = await findHost(tx, dialect, scope, body.hostId, now());
          await refuseMissing(tx, definitionOf(host.name, body));
          const service = { ...body, settings: PassiveServiceSettings.parse(body), checkId: null, overdueAtMs: null };
          const [id = 0] = await createServices(tx, dialect, [service], now());
          const after = await findService(tx, dialect, scope, id, now());
          await record(tx, actor, "create", null, after);
          return after;
        });
        changes.publish("definitions", null);
        return created;
      },
    }),
    route({
      method: "put",
      path: "/api/v1/services/:id",
      summary: "Change a passive service",
      access: forOperators,
      params: IdParams,
      body: PassiveServiceInput,
      answer: Service,
      async handle({ actor, scope, params: { id }, body }) {
        const updated = await database.transaction(async (tx) => {
          const before = await findService(tx, dialect, scope, id, now());
          refuseChecked(before);
          if (before.hostId !== body.hostId) {
            throw new InputError("a service cannot move to another host; create it there and delete it here", [
              { field: "hostId", value: String(body.hostId), message: `is not ${before.hostId}` },
            ]);
          }
          await refuseMissing(tx, definitionOf(before.hostName, body));
          // Shown is what an operator changed them to; sent back as shown, they change nothing.
          const isAsShown = body.maxCheckAttempts === before.maxCheckAttempts;
          const own = isAsShown ? { maxCheckAttempts: await findOwnAttempts(tx, id) } : {};
          await updatePassiveService(tx, dialect, id, { ...body, ...own }, now());
          const after = await findService(tx, dialect, scope, id, now());
          await record(tx, actor, "update", before, after);
          return after;
        });
        changes.publish("definitions", null);
        return updated;
      },
    }),
    route({
      method: "delete",
      path: "/api/v1/services/:id",
      summary: "Delete a passive service with its history",
      access: forOperators,
      params: IdParams,
      answer: Service,
      async handle({ actor, scope, params: { id } }) {
        const deleted = await database.transaction(async (tx) => {
          const before = await findService(tx, dialect, scope, id, now());
          refuseChecked(before);
          await deleteServices(tx, dialect, [id]);
          await record(tx, actor, "delete", before, null);
          return before;
        });
        changes.publish("definitions", null);
        return deleted;
      },
    }),
  ];
}

function definitionOf(host: string, { name, hostId: _, ...spec }: PassiveServiceInput): ResourceDefinition {
  return { kind: "Service", host, name, spec };
}
