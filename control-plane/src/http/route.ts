import type { TokenScope } from "@mycloud/protocol/api-token";
import type { Role } from "@mycloud/protocol/user";
import type { Request, Response } from "express";
import type { z } from "zod";
import type { DomainError } from "../error/index.ts";
import type { Scope } from "../scope/index.ts";
import type { Actor } from "./actor.ts";

/**
 * Who may call a route. `role`: that role or a higher one (token scopes read/write/admin count as viewer/operator/admin). `tokenScope`: a
 * token with that scope, or a user of at least `orRole`; null: no user whatever. `agent`: an agent's JWT. `public`: anybody. `isStaffOnly` refuses those bound to a
 * customer, whatever their role: for what is not any one customer's (check definitions, rules, the audit).
 */
export type Access =
  | { readonly kind: "public" }
  | { readonly kind: "role"; readonly role: Role; readonly isStaffOnly?: boolean }
  | { readonly kind: "tokenScope"; readonly tokenScope: TokenScope; readonly orRole: Role | null }
  | { readonly kind: "agent" };

export const forViewers: Access = { kind: "role", role: "viewer" };
export const forOperators: Access = { kind: "role", role: "operator" };
export const forAdmins: Access = { kind: "role", role: "admin" };
export const forStaffViewers: Access = { kind: "role", role: "viewer", isStaffOnly: true };
export const forStaffOperators: Access = { kind: "role", role: "operator", isStaffOnly: true };
export const forStaffAdmins: Access = { kind: "role", role: "admin", isStaffOnly: true };
export const forAgents: Access = { kind: "agent" };
export const forEveryone: Access = { kind: "public" };

/** What a handler gets: parsed input and who asks. `scope` follows from the actor and goes into every store query. */
export interface RouteInput<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly actor: Actor;
  readonly scope: Scope;
  readonly requestId: string;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  /** For streams and cookies only. */
  readonly request: Request;
  readonly response: Response;
}

/** What a handler may answer besides the value itself: another status, headers. */
export class Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

type Schema = z.ZodType;
type Parsed<S extends Schema | undefined> = S extends Schema ? z.output<S> : undefined;

export interface RouteDefinition<
  P extends Schema | undefined = undefined,
  Q extends Schema | undefined = undefined,
  B extends Schema | undefined = undefined,
> {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** Express path: `/api/v1/hosts/:id`. */
  readonly path: string;
  /** One line for the API description. */
  readonly summary: string;
  readonly access: Access;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** A list's: what the JSON of its `filter` may hold. Documents it; the store parses it. */
  readonly filter?: Schema;
  /** Documented shape of the 200 answer; checked against real answers in tests, not at run time. */
  readonly answer?: Schema;
  readonly maximumBodyBytes?: number;
  /** `json` (default) parses the body by `body`; `raw` leaves `request` unread for the handler. */
  readonly bodyKind?: "json" | "raw";
  /** Its body may take as long as it takes; the handler bounds it. Others have five minutes. */
  readonly isLongReceived?: boolean;
  /** `json` (default) sends what the handler returns; `stream` leaves `response` to the handler. */
  readonly answerKind?: "json" | "stream";
  /** Takes an API token as the password of HTTP's basic authentication as well; for programs that know nothing else. */
  readonly isBasicTaken?: boolean;
  /** Takes an API token in the header X-API-Key as well; for programs that know nothing else. */
  readonly isApiKeyTaken?: boolean;
  /** The body of errors, where a protocol has its own; default: ErrorBody. */
  readonly describeError?: (error: DomainError) => unknown;
  handle(input: RouteInput<Parsed<P>, Parsed<Q>, Parsed<B>>): Promise<unknown>;
}

/** A route whose schemas are forgotten by the type system, as the router and the API description hold it. */
export interface Route extends Omit<RouteDefinition, "params" | "query" | "body" | "handle"> {
  readonly params?: Schema;
  readonly query?: Schema;
  readonly body?: Schema;
  handle(input: RouteInput<never, never, never>): Promise<unknown>;
}

/** Declares a route with its handler typed by its schemas. A concept exports `createHostRoutes(deps): Route[]`. */
export function route<
  P extends Schema | undefined = undefined,
  Q extends Schema | undefined = undefined,
  B extends Schema | undefined = undefined,
>(definition: RouteDefinition<P, Q, B>): Route {
  return definition as Route;
}
