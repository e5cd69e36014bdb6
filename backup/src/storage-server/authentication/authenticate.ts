import { type Grant, verbs } from "../capability/index.ts";
import { UnauthenticatedError } from "../request/request-error.ts";
import type { BasicVerifier } from "./verify-basic.ts";
import type { TokenVerifier } from "./verify-token.ts";

/** What a request shows of who sends it. */
export interface Presented {
  readonly authorization: string | undefined;
  readonly address: string;
  /** Null where no single repository is asked for. */
  readonly repository: string | null;
}

/** Finds out what who asks may do. */
export interface Authenticator {
  /** Throws UnauthenticatedError, TooManyRequestsError, BusyError. */
  authenticate(presented: Presented): Promise<Grant>;
}

/** The user name under which stock restic clients give a token as their password: `rest:http://token:TOKEN@host/name/`. */
export const tokenUser = "token";

/** Bearer tokens and basic authentication; with `isOpen` everybody may do everything. */
export function createAuthenticator(deps: {
  readonly tokens: TokenVerifier;
  readonly basic: BasicVerifier;
  readonly isOpen: boolean;
}): Authenticator {
  return {
    async authenticate({ authorization, address, repository }) {
      if (deps.isOpen) return { principal: "anybody", repository: "*", verbs, quotaBytes: null };
      if (authorization === undefined) throw new UnauthenticatedError("a token or a user with a password is needed");
      const [, scheme = "", value = ""] = /^(\w{1,10}) +([\x21-\x7e]+)$/.exec(authorization) ?? [];
      if (scheme.toLowerCase() === "bearer") return await deps.tokens.verify(value);
      if (scheme.toLowerCase() !== "basic")
        throw new UnauthenticatedError("the authorization header is neither Bearer TOKEN nor Basic BASE64");
      const [, user, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(value, "base64").toString("utf8")) ?? [];
      if (user === undefined || password === undefined)
        throw new UnauthenticatedError("the authorization header holds no user:password");
      if (user === tokenUser) return await deps.tokens.verify(password);
      return await deps.basic.verify({ user, password, address, repository });
    },
  };
}
