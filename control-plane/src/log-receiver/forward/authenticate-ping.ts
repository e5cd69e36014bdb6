import { randomBytes } from "node:crypto";
import { isSameDigest, type Ping, passwordDigest, sharedKeyDigest } from "@mycloud/protocol/fluent-forward";
import type { LogIdentity, LogSender } from "../../log-sender/index.ts";

/** An agent that is active, with what it has to prove. */
export interface KnownAgent {
  readonly identity: LogIdentity;
  readonly id: string;
  readonly secret: string;
  readonly password: string;
}

interface Candidate {
  readonly identity: LogIdentity;
  readonly secret: string;
  /** Null: no user is asked for. */
  readonly password: string | null;
}

/** Who it is, with the shared key that the answer proves; null when nothing was proven. */
export type Authenticated = { readonly identity: LogIdentity; readonly secret: string } | null;

/**
 * Who a PING is from: an agent by its id, a LogSender by its user name, or by its shared key alone. What is unknown is computed as well, against keys
 * that nobody has, so that the time it takes tells nothing. Pure but for those.
 */
export function authenticatePing(
  ping: Ping,
  challenge: { readonly nonce: Uint8Array; readonly auth: Uint8Array },
  known: { readonly agent: KnownAgent | null; readonly senders: readonly LogSender[]; readonly address: string },
): Authenticated {
  const candidates = candidatesOf(ping, known);
  const nobody = randomBytes(32).toString("hex");
  const tried: readonly (Candidate | null)[] = candidates.length === 0 ? [null] : candidates;
  let found: Authenticated = null;
  for (const candidate of tried) {
    const { salt, hostName, userName } = ping;
    const secret = candidate?.secret ?? nobody;
    const hasKey = isSameDigest(ping.digest, sharedKeyDigest({ salt, hostName, nonce: challenge.nonce, key: secret }));
    const password = candidate?.password ?? nobody;
    const isUser = isSameDigest(ping.passwordDigest, passwordDigest({ salt: challenge.auth, userName, password }));
    const isProven = candidate !== null && hasKey && (isUser || candidate.password === null);
    if (isProven && found === null) found = { identity: candidate.identity, secret };
  }
  return found;
}

function candidatesOf(
  { userName }: Ping,
  { agent, senders, address }: Parameters<typeof authenticatePing>[2],
): readonly Candidate[] {
  if (agent !== null && userName === agent.id) {
    return [{ identity: agent.identity, secret: agent.secret, password: agent.password }];
  }
  return senders
    .filter((sender) => sender.protocols.includes("forward") && sender.mayProveAt(address))
    .filter((sender) => sender.username === null || sender.username === userName)
    .map(({ identity, secret, username, password }) => ({
      identity,
      secret: secret ?? "",
      password: username === null ? null : (password ?? ""),
    }));
}
