import { pipeline } from "node:stream/promises";
import { AvailabilityAnswer, AvailabilityQuery } from "@mycloud/protocol/availability";
import { forViewers, type Route, route } from "../http/route.ts";
import type { Scope } from "../scope/index.ts";
import { formatCsvHeading, formatCsvRows } from "./format-csv.ts";
import { type AvailabilityDependencies, readAvailability } from "./read-availability.ts";

/** Availability reports, as JSON and as CSV. */
export function createAvailabilityRoutes(dependencies: AvailabilityDependencies): Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/availability",
      summary: "For what share of a time hosts and services were in which state, with downtime both ways",
      access: forViewers,
      query: AvailabilityQuery,
      answer: AvailabilityAnswer,
      handle: ({ scope, query }) => readAvailability(dependencies, scope, query),
    }),
    route({
      method: "get",
      path: "/api/v1/availability.csv",
      summary: "The same as CSV, a line for each host and service",
      access: forViewers,
      query: AvailabilityQuery,
      answerKind: "stream",
      async handle({ scope, query, response }) {
        const first = await readAvailability(dependencies, scope, firstPageOf(query));
        response.setHeader("content-type", "text/csv; charset=utf-8");
        response.setHeader("content-disposition", 'attachment; filename="availability.csv"');
        response.setHeader("x-total-count", String(first.total));
        // Pages are read as fast as they are taken; whoever goes away ends it.
        await pipeline(csvPages(dependencies, scope, query, first), response).catch((error) => {
          if (!response.destroyed) throw error;
        });
      },
    }),
  ];
}

const objectsPerPage = 500;

function firstPageOf(query: AvailabilityQuery): AvailabilityQuery {
  return query.all ? { ...query, stretches: false, page: 1, perPage: objectsPerPage } : query;
}

async function* csvPages(
  dependencies: AvailabilityDependencies,
  scope: Scope,
  query: AvailabilityQuery,
  first: AvailabilityAnswer,
): AsyncGenerator<string> {
  yield formatCsvHeading() + formatCsvRows(first);
  if (!query.all) return;
  const pages = Math.ceil(first.total / objectsPerPage);
  for (let page = 2; page <= pages; page++) {
    yield formatCsvRows(await readAvailability(dependencies, scope, { ...firstPageOf(query), page }));
  }
}
