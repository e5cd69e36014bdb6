import { createApiTokenRoutes, createTokenAuthenticator } from "./api-token/index.ts";
import { createAuditRoutes } from "./audit/index.ts";
import { createCustomerRoutes } from "./customer/index.ts";
import type { Core, Part } from "./part.ts";
import { createUserRoutes } from "./user/index.ts";

/** Who may sign in to the console. */
export function users({ database, passwords, audit, now }: Core): Part {
  return { name: "user", routes: createUserRoutes({ database, passwords, audit, now }) };
}

/** What programs come with; `find` tells whose a token is, `forget` that tokens changed. */
export function apiTokens({ database, audit, now, logger }: Core) {
  const { find, forget } = createTokenAuthenticator({ database, now, logger });
  const routes = createApiTokenRoutes({ database, audit, now, forgetTokens: forget });
  return { part: { name: "api-token", routes, authenticators: { apiToken: find } } satisfies Part, find, forget };
}

/** Organisations and their members. */
export function customers({ database, audit, now }: Core, forgetTokens: () => void): Part {
  return { name: "customer", routes: createCustomerRoutes({ database, audit, now, forgetTokens }) };
}

/** Who did what, and when. */
export function audit({ database }: Core): Part {
  return { name: "audit", routes: createAuditRoutes({ database }) };
}
