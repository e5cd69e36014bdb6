import { ApiToken, ApiTokenCreated, ApiTokenFilter, ApiTokenInput } from "@mycloud/protocol/api-token";
import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import type { AuditLog } from "../audit/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { NotAllowedError, NotFoundError } from "../error/index.ts";
import { type Actor, scopeOf } from "../http/actor.ts";
import { apiTokenPrefix } from "../http/authenticate.ts";
import { IdParams } from "../http/id-params.ts";
import { forViewers, type Route, route } from "../http/route.ts";
import { everything } from "../scope/index.ts";
import { newSecret } from "../session/index.ts";
import { deleteApiToken, findApiToken, insertApiToken, listApiTokens, type TokenView } from "./store.ts";
import { refuseScopesBeyond } from "./token-scopes.ts";

export interface ApiTokenRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly now: () => number;
  /** Makes a revocation count at once in this process. */
  readonly forgetTokens: () => void;
}

/** An administrator sees all tokens within scope, anybody else their own; a token that is no administrator's sees none. */
function viewOf(actor: Actor): TokenView {
  const scope = scopeOf(actor);
  if (actor.role === "admin") return { scope, ownerId: null };
  return { scope, ownerId: actor.kind === "user" ? Number(actor.id) : -1 };
}

async function existingToken(executor: Executor, view: TokenView, id: number): Promise<ApiToken> {
  const token = await findApiToken(executor, view, id);
  if (token === null) throw new NotFoundError(`there is no API token ${id}`);
  return token;
}

/** Whose the new token is, and when it ends at the latest: a token made with a token does not outlive it. */
async function originOf(
  executor: Executor,
  actor: Actor,
): Promise<{ userId: number | null; notAfterMs: number | null }> {
  if (actor.kind === "user") return { userId: Number(actor.id), notAfterMs: null };
  const parent = await existingToken(executor, { scope: everything, ownerId: null }, Number(actor.id));
  return { userId: parent.userId, notAfterMs: parent.expiresAtMs };
}

/** API tokens: shown once when made, then only by their first characters. */
export function createApiTokenRoutes({ database, audit, now, forgetTokens }: ApiTokenRoutesDependencies): Route[] {
  const { db } = database;
  const resourceKind = "api-token";
  return [
    route({
      method: "get",
      path: "/api/v1/api-tokens",
      summary: "List API tokens: an administrator all, others their own",
      access: forViewers,
      query: ListQuery,
      filter: ApiTokenFilter,
      answer: listAnswer(ApiToken),
      handle: ({ actor, query }) => listApiTokens(db, viewOf(actor), query),
    }),
    route({
      method: "get",
      path: "/api/v1/api-tokens/:id",
      summary: "Show an API token, without the token itself",
      access: forViewers,
      params: IdParams,
      answer: ApiToken,
      handle: ({ actor, params }) => existingToken(db, viewOf(actor), params.id),
    }),
    route({
      method: "post",
      path: "/api/v1/api-tokens",
      summary: "Create an API token with no more than one's own rights",
      access: forViewers,
      body: ApiTokenInput,
      answer: ApiTokenCreated,
      handle: async ({ actor, body }) => {
        refuseScopesBeyond(actor, body.scopes);
        if (actor.customer !== null && body.customer !== null && body.customer !== actor.customer) {
          throw new NotAllowedError(`you may only create tokens of customer ${actor.customer}`);
        }
        const customer = actor.customer ?? body.customer;
        const token = `${apiTokenPrefix}${newSecret()}`;
        return await database.transaction(async (tx): Promise<ApiTokenCreated> => {
          const { userId, notAfterMs } = await originOf(tx, actor);
          const nowMs = now();
          const wantedMs = body.lifetimeSeconds === null ? null : nowMs + body.lifetimeSeconds * 1000;
          const expiresAtMs = earlier(wantedMs, notAfterMs);
          const scopes = [...new Set(body.scopes)];
          const id = await insertApiToken(tx, { name: body.name, token, scopes, customer, userId, expiresAtMs, nowMs });
          const after = await existingToken(tx, { scope: everything, ownerId: null }, id);
          await audit.record(tx, {
            actor,
            action: "api-token.create",
            resourceKind,
            resourceId: id,
            resourceName: body.name,
            after,
          });
          return { ...after, token };
        });
      },
    }),
    route({
      method: "delete",
      path: "/api/v1/api-tokens/:id",
      summary: "Revoke an API token",
      access: forViewers,
      params: IdParams,
      answer: ApiToken,
      handle: async ({ actor, params: { id } }) => {
        const revoked = await database.transaction(async (tx) => {
          const before = await existingToken(tx, viewOf(actor), id);
          await deleteApiToken(tx, id);
          await audit.record(tx, {
            actor,
            action: "api-token.delete",
            resourceKind,
            resourceId: id,
            resourceName: before.name,
            before,
          });
          return before;
        });
        forgetTokens();
        return revoked;
      },
    }),
  ];
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : Math.min(a, b);
}
