/** How people come in by themselves, and back in: registration and forgotten passwords, by links in mails. The answers tell nothing of who is known. */
export { createPasswordResetRoutes } from "./password-reset-routes.ts";
export { createRegistrationRoutes } from "./registration-routes.ts";
