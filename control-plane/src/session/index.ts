/**
 * Sessions: a random secret in a cookie, its hash in the database. Failed logins are counted by account and by address, and cost
 * growing time.
 */

export { deleteExpiredChallenges } from "./challenge-store.ts";
export { createSessionAuthenticator } from "./find-session-actor.ts";
export { createLoginThrottle, type LoginThrottle } from "./login-throttle.ts";
export { passwordChangedMail } from "./password-changed-mail.ts";
export { createSessionRoutes } from "./routes.ts";
export { hashSecret, newSecret } from "./secret.ts";
export { type Circumstances, continueSignIn, openSession, type SignedIn, type SignInDependencies } from "./sign-in.ts";
export { absoluteLifetimeMs, deleteExpiredSessions, deleteSessionsOfUser, findSession } from "./store.ts";
