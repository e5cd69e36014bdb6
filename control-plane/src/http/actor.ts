import type { TokenScope } from "@mycloud/protocol/api-token";
import type { Role } from "@mycloud/protocol/user";
import type { Scope } from "../scope/index.ts";

/** Who is asking, as authentication found it. */
export interface Actor {
  readonly kind: "user" | "token" | "agent" | "system" | "anonymous";
  /** User, token or agent id; null for system and anonymous. */
  readonly id: string | null;
  readonly name: string;
  /** What a user's role, or a token's read/write/admin scopes, amount to; null for agents, anonymous and ingest-only tokens. */
  readonly role: Role | null;
  readonly scopes: readonly TokenScope[];
  readonly customer: string | null;
  /** Set for agents. */
  readonly hostId: number | null;
  /** Peer address, for audit and throttling. */
  readonly address: string | null;
}

/** The program acting by itself. */
export const systemActor: Actor = {
  kind: "system",
  id: null,
  name: "system",
  role: "admin",
  scopes: [],
  customer: null,
  hostId: null,
  address: null,
};

/** What an actor may see. */
export function scopeOf(actor: Actor): Scope {
  return actor.customer === null ? { kind: "all" } : { kind: "customer", customer: actor.customer };
}
