/** People who sign in: their role (viewer, operator, admin) and, for customers' people, whose hosts they see. */
export { ensureAdministrator } from "./ensure-administrator.ts";
export { createUserRoutes } from "./routes.ts";
