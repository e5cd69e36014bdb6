import { createPrivateKey, sign } from "node:crypto";
import { agentAudience, agentTokenLifetimeSeconds } from "@mycloud/protocol/agent";
import type { AgentIdentity } from "./identity.ts";

/** A token is signed again when it is this old, well before it runs out on its way. */
const REUSE_SECONDS = 45;

/**
 * Makes the tokens that requests carry: `iss`, `sub` and header `kid` are the agent's id, valid for 60 s of the *server's* time, which
 * `serverNow` estimates, so that a host with a wrong clock is still let in. One is reused for 45 s. Signed by node:crypto
 * (compact JWS, RFC 7515) rather than with jose, which would cost every agent 5 MB of memory for this one line.
 */
export function createRequestToken(
  identity: Pick<AgentIdentity, "agentId" | "privateKey">,
  serverNow: () => number,
): () => string {
  const key = createPrivateKey({ key: identity.privateKey, format: "jwk" });
  const header = encode({ alg: "EdDSA", typ: "JWT", kid: identity.agentId });
  let token = "";
  let signedAt = Number.NEGATIVE_INFINITY;
  return () => {
    const now = Math.floor(serverNow() / 1000);
    // Also when the estimate of the server's clock has been corrected backwards.
    if (token !== "" && now >= signedAt && now - signedAt < REUSE_SECONDS) return token;
    const claims = encode({
      iss: identity.agentId,
      sub: identity.agentId,
      aud: agentAudience,
      iat: now,
      exp: now + agentTokenLifetimeSeconds,
    });
    const signature = sign(null, Buffer.from(`${header}.${claims}`), key).toString("base64url");
    token = `${header}.${claims}.${signature}`;
    signedAt = now;
    return token;
  };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
