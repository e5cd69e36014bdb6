import { AgentPublicKey, agentAudience, agentTokenLifetimeSeconds } from "@mycloud/protocol/agent";
import { decodeProtectedHeader, errors, importJWK, type JWTPayload, jwtVerify } from "jose";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { AuthenticationError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { type AgentRecord, findAgent } from "./store.ts";

interface AgentAuthenticatorDependencies {
  readonly database: ConnectedDatabase;
  readonly now: () => number;
}

/** Clocks of control planes, and the estimates that agents on slow lines make of them, may differ by this much. */
const clockToleranceSeconds = 15;
const maximumCachedKeys = 10_000;

/**
 * Finds the agent that signed a token (EdDSA JWT, RFC 8037): audience, issuer, lifetime and signature must be right. The agent's row is read on
 * every request, so that a revocation counts at once on every control plane. Null for what is no agent's token.
 */
export function createAgentAuthenticator({ database, now }: AgentAuthenticatorDependencies) {
  const keys = new Map<string, { readonly json: string; readonly key: CryptoKey }>();

  async function keyOf(agent: AgentRecord): Promise<CryptoKey> {
    const cached = keys.get(agent.id);
    if (cached?.json === agent.publicKeyJson) return cached.key;
    const imported = await importJWK(AgentPublicKey.parse(JSON.parse(agent.publicKeyJson)), "EdDSA");
    if (imported instanceof Uint8Array) throw new AuthenticationError("this agent's key is no public key");
    if (keys.size >= maximumCachedKeys) keys.clear();
    keys.set(agent.id, { json: agent.publicKeyJson, key: imported });
    return imported;
  }

  async function verify(token: string, agent: AgentRecord): Promise<JWTPayload> {
    try {
      const verified = await jwtVerify(token, await keyOf(agent), {
        algorithms: ["EdDSA", "Ed25519"],
        audience: agentAudience,
        issuer: agent.id,
        currentDate: new Date(now()),
        clockTolerance: clockToleranceSeconds,
        requiredClaims: ["iat", "exp"],
      });
      return verified.payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired) {
        throw new AuthenticationError("this agent's token has expired; is the host's clock right?");
      }
      throw new AuthenticationError("this agent's token is not valid");
    }
  }

  return async function findAgentActor(token: string, address: string | null): Promise<Actor | null> {
    const agentId = claimedAgentId(token);
    if (agentId === undefined) return null;
    const agent = await findAgent(database.db, agentId);
    if (agent === undefined) throw new AuthenticationError("this agent is unknown here; enrol the host again");
    const { iat = 0, exp = 0 } = await verify(token, agent);
    if (exp - iat > agentTokenLifetimeSeconds || iat * 1000 > now() + clockToleranceSeconds * 1000) {
      throw new AuthenticationError(
        "this agent's token is from the future or lives too long; is the host's clock right?",
      );
    }
    // Only told to who holds the key.
    if (agent.revokedAtMs !== null)
      throw new AuthenticationError("this agent was revoked; enrol the host again if it should come back");
    const { id, hostId, hostName: name, customer } = agent;
    return { kind: "agent", id, name, role: null, scopes: [], customer, hostId, address };
  };
}

function claimedAgentId(token: string): string | undefined {
  try {
    const { kid } = decodeProtectedHeader(token);
    return kid !== undefined && kid.length <= 64 ? kid : undefined;
  } catch {
    return undefined;
  }
}
