import { AuditEntry, AuditEntryFilter } from "@mycloud/protocol/audit";
import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { NotFoundError } from "../error/index.ts";
import { IdParams } from "../http/id-params.ts";
import { forStaffAdmins, type Route, route } from "../http/route.ts";
import { findAuditEntry, listAuditEntries } from "./store.ts";

/** The audit, newest first; nobody changes it. */
export function createAuditRoutes({ database }: { readonly database: ConnectedDatabase }): Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/audit-entries",
      summary: "List audit entries, newest first",
      access: forStaffAdmins,
      query: ListQuery,
      filter: AuditEntryFilter,
      answer: listAnswer(AuditEntry),
      handle: ({ query }) => listAuditEntries(database.db, query),
    }),
    route({
      method: "get",
      path: "/api/v1/audit-entries/:id",
      summary: "Show an audit entry",
      access: forStaffAdmins,
      params: IdParams,
      answer: AuditEntry,
      handle: async ({ params }) => {
        const entry = await findAuditEntry(database.db, params.id);
        if (entry === null) throw new NotFoundError(`there is no audit entry ${params.id}`);
        return entry;
      },
    }),
  ];
}
