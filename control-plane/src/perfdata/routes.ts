import { PerfdataAnswer, PerfdataQuery } from "@mycloud/protocol/perfdata";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { IdParams } from "../http/id-params.ts";
import { forViewers, type Route, route } from "../http/route.ts";
import type { PerfdataSource } from "./perfdata-source.ts";
import { readPerfdata } from "./read-series.ts";

export interface PerfdataRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly source: PerfdataSource;
  readonly now: () => number;
}

/** Perfdata over time. */
export function createPerfdataRoutes({ database, source, now }: PerfdataRoutesDependencies): Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/services/:id/perfdata",
      summary: "A service's perfdata over a time range, in base units, with gaps kept",
      access: forViewers,
      params: IdParams,
      query: PerfdataQuery,
      answer: PerfdataAnswer,
      handle: ({ scope, params: { id: serviceId }, query, signal }) =>
        readPerfdata(database.db, source, { scope, serviceId, query, signal }, now()),
    }),
  ];
}
