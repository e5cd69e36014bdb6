import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import { StateChange, StateChangeFilter } from "@mycloud/protocol/state-change";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { forViewers, type Route, route } from "../http/route.ts";
import { listStateChanges } from "./store.ts";

/** The state history. */
export function createStateChangeRoutes({ database }: { readonly database: ConnectedDatabase }): Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/state-changes",
      summary: "List state changes, and who was told of each or why nobody was",
      access: forViewers,
      query: ListQuery,
      filter: StateChangeFilter,
      answer: listAnswer(StateChange),
      handle: ({ scope, query }) => listStateChanges(database.db, database.dialect, scope, query),
    }),
  ];
}
