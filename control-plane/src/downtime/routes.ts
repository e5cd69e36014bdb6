import { Downtime, DowntimeFilter, DowntimeInput } from "@mycloud/protocol/downtime";
import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { ConflictError, InputError, NotFoundError } from "../error/index.ts";
import { IdParams } from "../http/id-params.ts";
import { forOperators, forViewers, type Route, route } from "../http/route.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import type { Scope } from "../scope/index.ts";
import { cancelDowntime, type FindSubject, findDowntime, insertDowntime, listDowntimes } from "./store.ts";

export interface DowntimeRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly definitions: Pick<DefinitionCache, "hostsById">;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly now: () => number;
}

/** Downtimes: planned, listed, cancelled. They are not edited: what was announced stays on record. */
export function createDowntimeRoutes({
  database,
  definitions,
  audit,
  changes,
  now,
}: DowntimeRoutesDependencies): Route[] {
  const { db, dialect } = database;

  async function existing(executor: Executor, scope: Scope, id: number): Promise<Downtime> {
    const downtime = await findDowntime(executor, scope, id, now());
    if (downtime === null) throw new NotFoundError(`there is no downtime ${id}`);
    return downtime;
  }

  function subjectFinder(scope: Scope): FindSubject {
    return async (hostId, serviceId) => {
      const service =
        serviceId === undefined
          ? undefined
          : await db.selectFrom("service").select(["host_id", "name"]).where("id", "=", serviceId).executeTakeFirst();
      const id = serviceId === undefined ? hostId : service?.host_id;
      if (id === undefined || (hostId !== undefined && hostId !== id)) return null;
      const host = (await definitions.hostsById(db, new Set([id]))).get(id);
      if (host === undefined || (scope.kind === "customer" && host.customer !== scope.customer)) return null;
      return { host, serviceName: service?.name ?? null };
    };
  }

  return [
    route({
      method: "get",
      path: "/api/v1/downtimes",
      summary: "List downtimes; hostId and serviceId give those that cover it",
      access: forViewers,
      query: ListQuery,
      filter: DowntimeFilter,
      answer: listAnswer(Downtime),
      handle: ({ scope, query }) => listDowntimes(db, dialect, scope, query, now(), subjectFinder(scope)),
    }),
    route({
      method: "get",
      path: "/api/v1/downtimes/:id",
      summary: "Show a downtime",
      access: forViewers,
      params: IdParams,
      answer: Downtime,
      handle: ({ scope, params }) => existing(db, scope, params.id),
    }),
    route({
      method: "post",
      path: "/api/v1/downtimes",
      summary: "Plan a downtime",
      access: forOperators,
      body: DowntimeInput,
      answer: Downtime,
      async handle({ actor, scope, body }) {
        if (body.endAtMs <= now()) {
          throw new InputError("endAtMs has passed already", [
            { field: "endAtMs", value: String(body.endAtMs), message: "has passed already" },
          ]);
        }
        const downtime = await database.transaction(async (tx) => {
          const customer = scope.kind === "customer" ? scope.customer : null;
          const id = await insertDowntime(tx, body, { authorName: actor.name, customer }, now());
          const after = await existing(tx, scope, id);
          const record = { actor, resourceKind: "downtime", resourceId: id, resourceName: after.comment };
          await audit.record(tx, { ...record, action: "downtime.create", after });
          return after;
        });
        changes.publish("definitions", null);
        return downtime;
      },
    }),
    route({
      method: "post",
      path: "/api/v1/downtimes/:id/cancel",
      summary: "Cancel a downtime; what is still bad is told then",
      access: forOperators,
      params: IdParams,
      answer: Downtime,
      async handle({ actor, scope, params: { id } }) {
        const downtime = await database.transaction(async (tx) => {
          const before = await existing(tx, scope, id);
          if (!(await cancelDowntime(tx, id, now()))) {
            throw new ConflictError(`downtime ${id} is ${before.phase}; only a pending or active one can be cancelled`);
          }
          const after = await existing(tx, scope, id);
          const record = { actor, resourceKind: "downtime", resourceId: id, resourceName: before.comment };
          await audit.record(tx, { ...record, action: "downtime.cancel", before, after });
          return after;
        });
        changes.publish("definitions", null);
        return downtime;
      },
    }),
  ];
}
