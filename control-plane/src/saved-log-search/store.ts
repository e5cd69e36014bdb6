import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import { type SavedLogSearch, SavedLogSearchFilter, type SavedLogSearchInput } from "@mycloud/protocol/log-search";
import type { Executor } from "../database/dialect/dialect.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";

/** Who asks: those of one circle (a customer's people, or staff) share; within it everybody has their own. */
export interface Searcher {
  /** Null: staff. */
  readonly customer: string | null;
  /** Null: a token that is nobody's, which has no searches of its own. */
  readonly userId: number | null;
}

/** What somebody sees: never what belongs to another circle, not even as its author. */
function searchesOf(executor: Executor, { customer, userId }: Searcher) {
  return executor
    .selectFrom("log_search")
    .leftJoin("user", "user.id", "log_search.user_id")
    .where("log_search.customer", customer === null ? "is" : "=", customer)
    .where((eb) =>
      eb.or([eb("log_search.is_shared", "=", 1), ...(userId === null ? [] : [eb("log_search.user_id", "=", userId)])]),
    );
}

export async function listSearches(
  executor: Executor,
  searcher: Searcher,
  query: ListQuery,
): Promise<ListAnswer<SavedLogSearch>> {
  return await readList({
    query,
    filterSchema: SavedLogSearchFilter,
    from: searchesOf(executor, searcher),
    select: (rows) => rows.selectAll("log_search").select("user.name as author"),
    sortable: { id: "log_search.id", name: "log_search.name", createdAtMs: "log_search.created_at_ms" },
    defaultSort: "name",
    idColumn: "log_search.id",
    filters: {
      id: (eb, id) => isOneOf(eb, "log_search.id", id),
      q: (eb, words) => hasWords(eb, ["log_search.name", "log_search.query"], words),
      isShared: (eb, isShared) => eb("log_search.is_shared", "=", isShared ? 1 : 0),
    },
    toItem: (row) => toSearch(row, searcher),
  });
}

export async function findSearch(executor: Executor, searcher: Searcher, id: number): Promise<SavedLogSearch | null> {
  const row = await searchesOf(executor, searcher)
    .selectAll("log_search")
    .select("user.name as author")
    .where("log_search.id", "=", id)
    .executeTakeFirst();
  return row === undefined ? null : toSearch(row, searcher);
}

/** The id of what somebody saved under a name before. */
export async function findOwnSearchId(
  executor: Executor,
  { customer, userId }: Searcher,
  name: string,
): Promise<number | null> {
  if (userId === null) return null;
  const row = await executor
    .selectFrom("log_search")
    .select("id")
    .where("customer", customer === null ? "is" : "=", customer)
    .where("user_id", "=", userId)
    .where("name", "=", name)
    .executeTakeFirst();
  return row?.id ?? null;
}

export async function countOwnSearches(executor: Executor, { customer, userId }: Searcher): Promise<number> {
  const { count } = await executor
    .selectFrom("log_search")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("customer", customer === null ? "is" : "=", customer)
    .where("user_id", userId === null ? "is" : "=", userId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function insertSearch(
  executor: Executor,
  { customer, userId }: Searcher,
  { name, query, isShared }: SavedLogSearchInput,
  nowMs: number,
): Promise<number> {
  const inserted = await executor
    .insertInto("log_search")
    .values({ user_id: userId, customer, name, query, is_shared: isShared ? 1 : 0, created_at_ms: nowMs })
    .executeTakeFirstOrThrow();
  return Number(inserted.insertId);
}

export async function updateSearch(
  executor: Executor,
  id: number,
  { query, isShared }: Pick<SavedLogSearchInput, "query" | "isShared">,
): Promise<void> {
  await executor
    .updateTable("log_search")
    .set({ query, is_shared: isShared ? 1 : 0 })
    .where("id", "=", id)
    .execute();
}

export async function deleteSearch(executor: Executor, id: number): Promise<void> {
  await executor.deleteFrom("log_search").where("id", "=", id).execute();
}

/** Of people who are gone, what they did not share: nobody sees it any more. */
export async function deleteOrphans(executor: Executor): Promise<void> {
  await executor.deleteFrom("log_search").where("user_id", "is", null).where("is_shared", "=", 0).execute();
}

/** Whose a token is; null when it is nobody's. */
export async function findTokenUserId(executor: Executor, tokenId: number): Promise<number | null> {
  const row = await executor.selectFrom("api_token").select("user_id").where("id", "=", tokenId).executeTakeFirst();
  return row?.user_id ?? null;
}

interface Row {
  readonly id: number;
  readonly user_id: number | null;
  readonly name: string;
  readonly query: string;
  readonly is_shared: number;
  readonly created_at_ms: number;
  readonly author: string | null;
}

function toSearch(row: Row, { userId }: Searcher): SavedLogSearch {
  return {
    id: row.id,
    name: row.name,
    query: row.query,
    isShared: row.is_shared === 1,
    isOwn: userId !== null && row.user_id === userId,
    author: row.author,
    createdAtMs: row.created_at_ms,
  };
}
