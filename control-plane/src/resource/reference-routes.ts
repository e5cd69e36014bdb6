import { ReferenceAnswer, ReferenceQuery } from "@mycloud/protocol/resource";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { forStaffViewers, type Route, route } from "../http/route.ts";
import { findUsers } from "./find-users.ts";

/** What uses what. */
export function createReferenceRoutes({
  database: { db, dialect },
}: {
  readonly database: ConnectedDatabase;
}): Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/references",
      summary: "The definitions that name this one",
      access: forStaffViewers,
      query: ReferenceQuery,
      answer: ReferenceAnswer,
      handle: async ({ query: { kind, name } }) => ({ data: await findUsers(db, dialect, kind, name) }),
    }),
  ];
}
