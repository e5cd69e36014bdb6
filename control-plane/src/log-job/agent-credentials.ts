import { createHmac } from "node:crypto";
import type { Sealer } from "../sealing/index.ts";

/** What agents sign in to the log receiver with. Nothing of it is stored: it follows from the master key. */
export interface ForwardCredentials {
  /** Shared by all agents of the installation. */
  readonly secret: string;
  /** By user name, which is the agent's id. */
  passwordOf(agentId: string): string;
}

/** Derives them. */
export function forwardCredentials(sealer: Pick<Sealer, "deriveKey">): ForwardCredentials {
  const passwordKey = sealer.deriveKey("log forward password");
  return {
    secret: Buffer.from(sealer.deriveKey("log forward shared key")).toString("base64url"),
    passwordOf: (agentId) => createHmac("sha256", passwordKey).update(agentId).digest("base64url"),
  };
}
