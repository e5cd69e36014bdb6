/** Live updates: what the change bus says, thinned out, to every open page. */
export { createEventRoutes } from "./routes.ts";
