import { Downtime, DowntimeFilter, DowntimeInput } from "@mycloud/protocol/downtime";
import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { NotFoundError } from "../error/index.ts";
import { IdParams } from "../http/id-params.ts";
import { forOperators, forViewers, type Route, route } from "../http/route.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import type { Scope } from "../scope/index.ts";
import type { Downtimes } from "./plan-downtimes.ts";
import { type FindSubject, findDowntime, listDowntimes } from "./store.ts";

export interface DowntimeRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly definitions: Pick<DefinitionCache, "hostsById">;
  readonly downtimes: Downtimes;
  readonly now: () => number;
}

/** Downtimes: planned, listed, cancelled. They are not edited: what was announced stays on record. */
export function createDowntimeRoutes({ database, definitions, downtimes, now }: DowntimeRoutesDependencies): Route[] {
  const { db, dialect } = database;

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
      async handle({ scope, params: { id } }) {
        const downtime = await findDowntime(db, scope, id, now());
        if (downtime === null) throw new NotFoundError(`there is no downtime ${id}`);
        return downtime;
      },
    }),
    route({
      method: "post",
      path: "/api/v1/downtimes",
      summary: "Plan a downtime",
      access: forOperators,
      body: DowntimeInput,
      answer: Downtime,
      handle: ({ actor, scope, body }) => downtimes.plan({ actor, scope }, body),
    }),
    route({
      method: "post",
      path: "/api/v1/downtimes/:id/cancel",
      summary: "Cancel a downtime; what is still bad is told then",
      access: forOperators,
      params: IdParams,
      answer: Downtime,
      handle: ({ actor, scope, params }) => downtimes.cancel({ actor, scope }, params.id),
    }),
  ];
}
