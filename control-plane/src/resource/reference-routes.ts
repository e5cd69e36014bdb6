import { ReferenceAnswer, ReferenceQuery, TemplateUseAnswer, TemplateUseQuery } from "@mycloud/protocol/resource";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { forStaffViewers, type Route, route } from "../http/route.ts";
import { findTemplatesOf } from "./find-templates-of.ts";
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
    route({
      method: "get",
      path: "/api/v1/template-uses",
      summary: "The templates that a host, a check or a passive service takes fields over from",
      access: forStaffViewers,
      query: TemplateUseQuery,
      answer: TemplateUseAnswer,
      handle: async ({ query }) => ({ data: await findTemplatesOf(db, query) }),
    }),
  ];
}
