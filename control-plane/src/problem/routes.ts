import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import { Problem, ProblemFilter } from "@mycloud/protocol/problem";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { forViewers, type Route, route } from "../http/route.ts";
import type { ProblemRootsReader } from "./problem-roots.ts";
import { listProblems } from "./store.ts";

export interface ProblemRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly now: () => number;
  readonly roots: Pick<ProblemRootsReader, "read">;
}

/** What is wrong now. */
export function createProblemRoutes({ database, now, roots }: ProblemRoutesDependencies): Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/problems",
      summary:
        "List open problems and those about to become one, unhandled first, by business impact, impact and age, each with its root",
      access: forViewers,
      query: ListQuery,
      filter: ProblemFilter,
      answer: listAnswer(Problem),
      handle: async ({ scope, query }) =>
        listProblems(database.db, database.dialect, scope, query, now(), await roots.read()),
    }),
  ];
}
