import type { Actor } from "../http/actor.ts";
import type { Scope } from "../scope/index.ts";
import type { AlertSender } from "./accept-alerts.ts";

/** Who sends alerts, from who asks. Unknown hosts and services are created for tokens that may register, as with results. Pure. */
export function senderOf(actor: Actor, scope: Scope): AlertSender {
  return {
    scope,
    sender: `${actor.kind}:${actor.id ?? ""}`,
    mayRegister: actor.scopes.includes("ingest:register"),
  };
}
