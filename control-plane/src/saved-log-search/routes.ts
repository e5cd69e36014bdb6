import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import { SavedLogSearch, SavedLogSearchFilter, SavedLogSearchInput } from "@mycloud/protocol/log-search";
import type { AuditLog } from "../audit/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { ConflictError, NotAllowedError, NotFoundError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { IdParams } from "../http/id-params.ts";
import { forViewers, type Route, route } from "../http/route.ts";
import { readCondition } from "../log-search/index.ts";
import {
  countOwnSearches,
  deleteOrphans,
  deleteSearch,
  findOwnSearchId,
  findSearch,
  findTokenUserId,
  insertSearch,
  listSearches,
  type Searcher,
  updateSearch,
} from "./store.ts";

export interface SavedLogSearchDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly now: () => number;
}

const mostOwn = 500;
const resourceKind = "log-search";

/**
 * Saved searches. Everybody keeps their own; to share one, or to delete what somebody else shared, takes an operator. What somebody may not see is
 * not there.
 */
export function createSavedLogSearchRoutes({ database, audit, now }: SavedLogSearchDependencies): Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/log-searches",
      summary: "List saved searches of logs: one's own and shared ones",
      access: forViewers,
      query: ListQuery,
      filter: SavedLogSearchFilter,
      answer: listAnswer(SavedLogSearch),
      handle: async ({ actor, query }) => await listSearches(database.db, await searcherOf(database.db, actor), query),
    }),
    route({
      method: "post",
      path: "/api/v1/log-searches",
      summary: "Save a search of logs; one's own of the same name is replaced",
      access: forViewers,
      body: SavedLogSearchInput,
      answer: SavedLogSearch,
      handle: async ({ actor, body }) => {
        readCondition(body.query);
        if (body.isShared) refuseViewers(actor, "share a search");
        return await database.transaction(async (tx) => {
          const searcher = await searcherOf(tx, actor);
          if (searcher.userId === null && !body.isShared) {
            throw new NotAllowedError("a token that is nobody's has no searches of its own: share it (isShared)");
          }
          await deleteOrphans(tx);
          const known = await findOwnSearchId(tx, searcher, body.name);
          const before = known === null ? null : await existing(tx, searcher, known);
          if (known === null && (await countOwnSearches(tx, searcher)) >= mostOwn) {
            throw new ConflictError(`there are ${mostOwn} saved searches already: delete some first`);
          }
          const id = known ?? (await insertSearch(tx, searcher, body, now()));
          if (known !== null) await updateSearch(tx, id, body);
          const after = await existing(tx, searcher, id);
          const action = before === null ? "log-search.create" : "log-search.update";
          const named = { resourceKind, resourceId: id, resourceName: body.name };
          await audit.record(tx, { actor, action, ...named, ...(before === null ? {} : { before }), after });
          return after;
        });
      },
    }),
    route({
      method: "delete",
      path: "/api/v1/log-searches/:id",
      summary: "Delete a saved search of logs",
      access: forViewers,
      params: IdParams,
      answer: SavedLogSearch,
      handle: async ({ actor, params: { id } }) =>
        await database.transaction(async (tx) => {
          const before = await existing(tx, await searcherOf(tx, actor), id);
          if (!before.isOwn) refuseViewers(actor, "delete what somebody else shared");
          await deleteSearch(tx, id);
          const named = { resourceKind, resourceId: id, resourceName: before.name };
          await audit.record(tx, { actor, action: "log-search.delete", ...named, before });
          return before;
        }),
    }),
  ];
}

/** A token has the searches of the person whose it is. */
async function searcherOf(executor: Executor, { kind, id, customer }: Actor): Promise<Searcher> {
  if (kind === "user") return { customer, userId: Number(id) };
  return { customer, userId: kind === "token" ? await findTokenUserId(executor, Number(id)) : null };
}

async function existing(executor: Executor, searcher: Searcher, id: number): Promise<SavedLogSearch> {
  const search = await findSearch(executor, searcher, id);
  if (search === null) throw new NotFoundError(`there is no saved search ${id}`);
  return search;
}

function refuseViewers({ role }: Actor, what: string): void {
  if (role !== "operator" && role !== "admin") throw new NotAllowedError(`only an operator may ${what}`);
}
