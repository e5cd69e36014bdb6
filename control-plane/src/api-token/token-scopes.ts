import type { TokenScope } from "@mycloud/protocol/api-token";
import { isRoleAtLeast, type Role } from "@mycloud/protocol/user";
import { NotAllowedError } from "../error/index.ts";

/** The role a user needs to hand out a scope. */
const roleFor = {
  read: "viewer",
  write: "operator",
  admin: "admin",
  ingest: "operator",
  "ingest:register": "operator",
  logs: "operator",
  webdav: "viewer",
  "name-server": "admin",
} as const satisfies Record<TokenScope, Role>;

/** What read, write and admin amount to; null for a token that may only ingest, or is an app password. */
export function roleOfScopes(scopes: readonly TokenScope[]): Role | null {
  if (scopes.includes("admin")) return "admin";
  if (scopes.includes("write")) return "operator";
  return scopes.includes("read") ? "viewer" : null;
}

/** The scopes that are worth something while their owner has this role: a demoted user's tokens are demoted with them. */
export function scopesWithin(scopes: readonly TokenScope[], ownerRole: Role): TokenScope[] {
  const kept = scopes.filter((scope) => isRoleAtLeast(ownerRole, roleFor[scope]));
  const lost = roleOfScopes(scopes);
  // An operator's admin token is still good for what an operator may do.
  if (lost !== null && roleOfScopes(kept) !== ownerRole && isRoleAtLeast(lost, ownerRole)) {
    kept.push(ownerRole === "admin" ? "admin" : ownerRole === "operator" ? "write" : "read");
  }
  return kept;
}

interface Creator {
  readonly kind: string;
  readonly role: Role | null;
  readonly scopes: readonly TokenScope[];
}

/** Throws NotAllowedError for scopes that the creator does not have: by role for a user, by its own scopes for a token. */
export function refuseScopesBeyond(creator: Creator, wanted: readonly TokenScope[]): void {
  const denied = wanted.filter((scope) => !maySpare(creator, scope));
  if (denied.length > 0) throw new NotAllowedError(`you cannot grant what you do not have: ${denied.join(", ")}`);
}

function maySpare({ kind, role, scopes }: Creator, scope: TokenScope): boolean {
  if (kind === "token" && (scope === "ingest" || scope === "ingest:register")) return scopes.includes(scope);
  return role !== null && isRoleAtLeast(role, roleFor[scope]);
}
