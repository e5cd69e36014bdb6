/** One's own account: profile, e-mail address, second step, sessions, mails. For people who signed in; tokens have no account. */

export { createEmailChangeRoutes } from "./email-change-routes.ts";
export { createAccountRoutes } from "./routes.ts";
export { createOwnSessionRoutes } from "./session-routes.ts";
export { createTotpRoutes } from "./totp-routes.ts";
