import { AvailabilityAnswer, AvailabilityQuery } from "@mycloud/protocol/availability";
import { forViewers, type Route, route } from "../http/route.ts";
import { formatAvailabilityCsv } from "./format-csv.ts";
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
        const answer = await readAvailability(dependencies, scope, query);
        response.setHeader("content-type", "text/csv; charset=utf-8");
        response.setHeader("content-disposition", 'attachment; filename="availability.csv"');
        response.setHeader("x-total-count", String(answer.total));
        response.end(formatAvailabilityCsv(answer));
      },
    }),
  ];
}
