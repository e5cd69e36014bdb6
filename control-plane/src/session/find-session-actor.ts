import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { Authenticators } from "../http/authenticate.ts";
import { findSession } from "./store.ts";

/** Looks up who a session cookie belongs to. */
export function createSessionAuthenticator(database: ConnectedDatabase, now: () => number): Authenticators["session"] {
  return async (cookieValue, address) => {
    const session = await findSession(database, cookieValue, now());
    if (session === null) return null;
    const { id, email, role, customer } = session.user;
    return {
      csrfToken: session.csrfToken,
      actor: { kind: "user", id: String(id), name: email, role, scopes: [], customer, hostId: null, address },
    };
  };
}
