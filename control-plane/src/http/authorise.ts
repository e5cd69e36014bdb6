import { isRoleAtLeast } from "@mycloud/protocol/user";
import { AuthenticationError, NotAllowedError } from "../error/index.ts";
import type { Actor } from "./actor.ts";
import type { Access } from "./route.ts";

/** Throws AuthenticationError when nobody known asks, NotAllowedError when somebody asks for more than is theirs. */
export function authorise(access: Access, actor: Actor): void {
  if (access.kind === "public") return;
  if (actor.kind === "anonymous")
    throw new AuthenticationError("sign in, or send a token as: Authorization: Bearer ...");
  const refusal = refusalOf(access, actor);
  if (refusal !== null) throw new NotAllowedError(refusal);
}

function refusalOf(access: Exclude<Access, { kind: "public" }>, actor: Actor): string | null {
  switch (access.kind) {
    case "agent":
      return actor.kind === "agent" ? null : "only an enrolled agent may do this";
    case "role":
      if (actor.role === null || !isRoleAtLeast(actor.role, access.role)) {
        return `this needs the role ${access.role}${actor.role === null ? "" : `; ${actor.name} is ${actor.role}`}`;
      }
      if (access.isStaffOnly && actor.customer !== null) return "this is not for users of a customer";
      return null;
    case "tokenScope":
      if (actor.kind === "token") {
        return actor.scopes.includes(access.tokenScope) ? null : `this token lacks the scope ${access.tokenScope}`;
      }
      if (access.orRole === null) return `this needs a token with the scope ${access.tokenScope}`;
      if (actor.kind === "user" && actor.role !== null && isRoleAtLeast(actor.role, access.orRole)) return null;
      return `this needs a token with the scope ${access.tokenScope}, or the role ${access.orRole}`;
  }
}
