/**
 * API tokens, for programs: `mc_` and 256 random bits, of which a hash is stored. A token does what its scopes say, and no more than its
 * owner may at present.
 */
export { createTokenAuthenticator } from "./find-token-actor.ts";
export { ensureOperatorToken } from "./operator-token.ts";
export { createApiTokenRoutes } from "./routes.ts";
