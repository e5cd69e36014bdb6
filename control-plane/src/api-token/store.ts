import { type ApiToken, ApiTokenFilter, TokenScope } from "@mycloud/protocol/api-token";
import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import { Role } from "@mycloud/protocol/user";
import { type Selectable, sql } from "kysely";
import { z } from "zod";
import type { Executor } from "../database/dialect/dialect.ts";
import type { ApiTokenTable } from "../database/schema.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";
import type { Scope } from "../scope/index.ts";
import { hashSecret } from "../session/index.ts";
import { roleOfScopes } from "./token-scopes.ts";

const Scopes = z.array(TokenScope);

/** Whose tokens: everybody's within the scope, or one user's own. */
export interface TokenView {
  readonly scope: Scope;
  readonly ownerId: number | null;
}

function tokensIn(executor: Executor, { scope, ownerId }: TokenView) {
  let tokens = executor.selectFrom("api_token");
  if (scope.kind === "customer") tokens = tokens.where("customer", "=", scope.customer);
  if (ownerId !== null) tokens = tokens.where("user_id", "=", ownerId);
  return tokens;
}

export async function listApiTokens(
  executor: Executor,
  view: TokenView,
  query: ListQuery,
): Promise<ListAnswer<ApiToken>> {
  return await readList({
    query,
    filterSchema: ApiTokenFilter,
    from: tokensIn(executor, view),
    select: (rows) => rows.selectAll(),
    sortable: {
      id: "id",
      name: "name",
      createdAtMs: "created_at_ms",
      expiresAtMs: "expires_at_ms",
      lastUsedAtMs: "last_used_at_ms",
      customer: "customer",
    },
    defaultSort: "name",
    idColumn: "id",
    filters: {
      id: (eb, id) => isOneOf(eb, "id", id),
      q: (eb, words) => hasWords(eb, ["name", "prefix"], words),
      name: (eb, name) => eb("name", "=", name),
      scope: (_eb, scope) => sql<boolean>`instr(scopes_json, ${JSON.stringify(scope)}) > 0`,
    },
    toItem: toApiToken,
  });
}

export async function findApiToken(executor: Executor, view: TokenView, id: number): Promise<ApiToken | null> {
  const row = await tokensIn(executor, view).selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? null : toApiToken(row);
}

interface NewToken {
  readonly name: string;
  readonly token: string;
  readonly scopes: readonly TokenScope[];
  readonly customer: string | null;
  readonly userId: number | null;
  readonly expiresAtMs: number | null;
  readonly nowMs: number;
}

/** Answers the token's id; of the token only a hash and its first characters are kept. */
export async function insertApiToken(executor: Executor, token: NewToken): Promise<number> {
  const inserted = await executor
    .insertInto("api_token")
    .values({
      name: token.name,
      prefix: token.token.slice(0, 8),
      token_hash: hashSecret(token.token),
      scopes_json: JSON.stringify(token.scopes),
      customer: token.customer,
      user_id: token.userId,
      created_at_ms: token.nowMs,
      expires_at_ms: token.expiresAtMs,
      last_used_at_ms: null,
    })
    .executeTakeFirstOrThrow();
  return Number(inserted.insertId);
}

export async function deleteApiToken(executor: Executor, id: number): Promise<void> {
  await executor.deleteFrom("api_token").where("id", "=", id).execute();
}

/** A token as authentication needs it. */
export interface ValidToken {
  readonly id: number;
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  readonly customer: string | null;
  readonly lastUsedAtMs: number | null;
  /** The role its owner has now; null when it is nobody's. */
  readonly ownerRole: Role | null;
}

/** The token, unless it is unknown, expired, its owner disabled or its organisation suspended. */
export async function findValidToken(executor: Executor, token: string, nowMs: number): Promise<ValidToken | null> {
  const row = await executor
    .selectFrom("api_token")
    .leftJoin("user", "user.id", "api_token.user_id")
    .leftJoin("customer", "customer.name", "api_token.customer")
    .where("customer.suspended_at_ms", "is", null)
    .select([
      "api_token.id",
      "api_token.name",
      "api_token.scopes_json",
      "api_token.customer",
      "api_token.last_used_at_ms",
    ])
    .select(["user.role", "user.is_disabled"])
    .where("api_token.token_hash", "=", hashSecret(token))
    .where((eb) => eb.or([eb("api_token.expires_at_ms", "is", null), eb("api_token.expires_at_ms", ">", nowMs)]))
    .executeTakeFirst();
  if (row === undefined || row.is_disabled === 1) return null;
  return {
    id: row.id,
    name: row.name,
    scopes: Scopes.parse(JSON.parse(row.scopes_json)),
    customer: row.customer,
    lastUsedAtMs: row.last_used_at_ms,
    ownerRole: row.role === null ? null : Role.parse(row.role),
  };
}

export async function touchApiToken(executor: Executor, id: number, nowMs: number): Promise<void> {
  await executor.updateTable("api_token").set({ last_used_at_ms: nowMs }).where("id", "=", id).execute();
}

function toApiToken(row: Selectable<ApiTokenTable>): ApiToken {
  const scopes = Scopes.parse(JSON.parse(row.scopes_json));
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes,
    role: roleOfScopes(scopes),
    customer: row.customer,
    userId: row.user_id,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    lastUsedAtMs: row.last_used_at_ms,
  };
}
