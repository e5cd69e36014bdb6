import type { Logger } from "pino";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { Authenticators } from "../http/authenticate.ts";
import { findValidToken, touchApiToken, type ValidToken } from "./store.ts";
import { roleOfScopes, scopesWithin } from "./token-scopes.ts";

/** That a token was used is written at most this often. */
const touchIntervalMs = 60_000;
/** A revoked token works at most this much longer; in between its row is not read, so that ingest costs no query for it. */
const cacheMs = 2_000;
const maximumCached = 10_000;

interface TokenAuthenticatorDependencies {
  readonly database: ConnectedDatabase;
  readonly now: () => number;
  readonly logger: Logger;
}

/** Looks up who an API token belongs to, and what it may do. */
export function createTokenAuthenticator({ database, now, logger }: TokenAuthenticatorDependencies): {
  readonly find: Authenticators["apiToken"];
  /** Call when a token or its owner changed. */
  forget(): void;
} {
  const cache = new Map<string, { readonly token: ValidToken; readonly readAtMs: number }>();
  const touchedAtMs = new Map<number, number>();

  async function findCached(text: string): Promise<ValidToken | null> {
    const nowMs = now();
    const cached = cache.get(text);
    if (cached !== undefined && nowMs - cached.readAtMs < cacheMs) return cached.token;
    cache.delete(text);
    const token = await findValidToken(database.db, text, nowMs);
    if (token === null) return null;
    if (cache.size >= maximumCached) cache.clear();
    cache.set(text, { token, readAtMs: nowMs });
    touch(token, nowMs);
    return token;
  }

  function touch({ id, lastUsedAtMs }: ValidToken, nowMs: number): void {
    if (nowMs - Math.max(touchedAtMs.get(id) ?? 0, lastUsedAtMs ?? 0) < touchIntervalMs) return;
    touchedAtMs.set(id, nowMs);
    // Nobody waits for it: when it fails, the next use tries again.
    touchApiToken(database.db, id, nowMs).catch((err: unknown) => {
      touchedAtMs.delete(id);
      logger.debug({ err, tokenId: id }, "last use of a token not written");
    });
  }

  return {
    async find(text, address) {
      const token = await findCached(text);
      if (token === null) return null;
      const scopes = token.ownerRole === null ? token.scopes : scopesWithin(token.scopes, token.ownerRole);
      return {
        kind: "token",
        id: String(token.id),
        name: token.name,
        role: roleOfScopes(scopes),
        scopes,
        customer: token.customer,
        hostId: null,
        address,
      };
    },
    forget: () => cache.clear(),
  };
}
