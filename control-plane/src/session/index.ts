/**
 * Sessions: a random secret in a cookie, its hash in the database. Failed logins are counted by account and by address, and cost
 * growing time.
 */
export { createSessionAuthenticator } from "./find-session-actor.ts";
export { createLoginThrottle, type LoginThrottle } from "./login-throttle.ts";
export { createSessionRoutes } from "./routes.ts";
export { hashSecret, newSecret } from "./secret.ts";
export { deleteExpiredSessions, deleteSessionsOfUser } from "./store.ts";
