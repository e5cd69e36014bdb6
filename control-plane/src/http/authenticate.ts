import type { Request } from "express";
import { AuthenticationError } from "../error/index.ts";
import type { Actor } from "./actor.ts";
import type { SessionCookie } from "./session-cookie.ts";

/** How credentials are looked up; the concepts that own them provide these. Each answers null for what it does not know. */
export interface Authenticators {
  session(cookieValue: string, address: string | null): Promise<{ actor: Actor; csrfToken: string } | null>;
  apiToken(token: string, address: string | null): Promise<Actor | null>;
  agentToken(token: string, address: string | null): Promise<Actor | null>;
}

export interface Authentication {
  readonly actor: Actor;
  /** Set when a cookie said who it is: then requests that change something must carry this token. */
  readonly csrfToken: string | null;
}

/** What every API token starts with; anything else behind Bearer is an agent's JWT. */
export const apiTokenPrefix = "mc_";

export function anonymousActor(address: string | null): Actor {
  return {
    kind: "anonymous",
    id: null,
    name: "anonymous",
    role: null,
    scopes: [],
    customer: null,
    hostId: null,
    address,
  };
}

/** How else than as a bearer an API token may come. */
export interface AcceptedForms {
  readonly isBasicTaken?: boolean;
  readonly isApiKeyTaken?: boolean;
}

/**
 * Finds out who asks. A bearer token goes before the cookie, because no browser sends one by itself. Where `isBasicTaken`, an API token may come as
 * the password of any user; where `isApiKeyTaken`, in X-API-Key. Throws AuthenticationError for a credential that is not (or no longer) valid.
 */
export async function authenticate(
  request: Request,
  authenticators: Authenticators,
  cookie: SessionCookie,
  { isBasicTaken = false, isApiKeyTaken = false }: AcceptedForms = {},
): Promise<Authentication> {
  const address = request.ip ?? null;
  const header =
    request.headers.authorization ?? (isApiKeyTaken ? request.headers["x-api-key"]?.toString() : undefined);
  if (header !== undefined) {
    const token = bearerOf(header) ?? (isBasicTaken ? basicPasswordOf(header) : undefined);
    if (token === undefined) throw new AuthenticationError("Authorization is not understood; send: Bearer TOKEN");
    const find = token.startsWith(apiTokenPrefix) ? authenticators.apiToken : authenticators.agentToken;
    const actor = await find(token, address);
    if (actor === null) throw new AuthenticationError("this token is unknown, expired or revoked");
    return { actor, csrfToken: null };
  }
  const value = cookie.read(request);
  const session = value === null ? null : await authenticators.session(value, address);
  return session ?? { actor: anonymousActor(address), csrfToken: null };
}

function bearerOf(header: string): string | undefined {
  // Prometheus 2.42 leaves the word out for service discovery, unless the configuration writes `type: Bearer`.
  if (/^mc_[A-Za-z0-9_-]{1,4096}$/.test(header)) return header;
  return /^Bearer +([A-Za-z0-9._~+/=-]{1,4096})$/i.exec(header)?.[1];
}

/** The password of basic authentication, when it is an API token. */
function basicPasswordOf(header: string): string | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=]{1,8192})$/i.exec(header)?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const password = text.slice(text.indexOf(":") + 1);
  return password.startsWith(apiTokenPrefix) ? password : undefined;
}
