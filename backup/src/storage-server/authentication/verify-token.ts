import { createHash, type KeyObject } from "node:crypto";
import { errors, jwtVerify } from "jose";
import { CapabilityClaims, capabilityAudience, type Grant } from "../capability/capability.ts";
import { UnauthenticatedError } from "../request/request-error.ts";

/** Clocks of issuer and server may differ by this. */
const clockToleranceSeconds = 60;
/** A verified token is not verified again for so long; it ends when the token does, and with the set of keys. */
const rememberMs = 60_000;
const maximumRemembered = 2_000;
const maximumTokenLength = 4_096;

/** What tokens are verified against. */
export interface TokenSource {
  keys(): Promise<readonly KeyObject[]>;
  revoked(): Promise<ReadonlySet<string>>;
  /** Unix time in ms. */
  readonly now: () => number;
}

/** Verifies capability tokens; remembers those that passed for a minute. */
export interface TokenVerifier {
  /** What the token grants. Throws UnauthenticatedError. */
  verify(token: string): Promise<Grant>;
}

/** A verifier over these keys: EdDSA only, audience `mycloud-storage`, an expiry and an id are demanded. */
export function createTokenVerifier({ keys, revoked, now }: TokenSource): TokenVerifier {
  let remembered = new Map<string, { claims: CapabilityClaims; untilMs: number }>();
  let rememberedFor: readonly KeyObject[] | null = null;

  async function check(token: string, current: readonly KeyObject[]): Promise<CapabilityClaims> {
    const digest = createHash("sha256").update(token).digest("base64");
    const known = remembered.get(digest);
    const nowMs = now();
    if (known !== undefined && nowMs < known.untilMs && nowMs > known.untilMs - 2 * rememberMs) return known.claims;
    const claims = await verifyWithAny(token, current, nowMs);
    const endsMs = (claims.exp + clockToleranceSeconds) * 1000;
    if (remembered.size >= maximumRemembered) remembered.clear();
    remembered.set(digest, { claims, untilMs: Math.min(endsMs, nowMs + rememberMs) });
    return claims;
  }

  return {
    async verify(token) {
      if (token.length > maximumTokenLength) throw new UnauthenticatedError("the token is too long");
      const current = await keys();
      if (current !== rememberedFor) {
        remembered = new Map();
        rememberedFor = current;
      }
      const { repository, verbs, quotaBytes, jti } = await check(token, current);
      if ((await revoked()).has(jti)) throw new UnauthenticatedError("the token has been revoked");
      return { principal: `token:${jti}`, repository, verbs, quotaBytes: quotaBytes ?? null };
    },
  };
}

async function verifyWithAny(token: string, keys: readonly KeyObject[], nowMs: number): Promise<CapabilityClaims> {
  if (keys.length === 0) throw new UnauthenticatedError("this server takes no tokens: it was given no public key");
  for (const key of keys) {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ["EdDSA", "Ed25519"],
        audience: capabilityAudience,
        clockTolerance: clockToleranceSeconds,
        requiredClaims: ["exp", "jti"],
        currentDate: new Date(nowMs),
      });
      const claims = CapabilityClaims.safeParse(payload);
      if (claims.success) return claims.data;
      const faults = claims.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
      throw new UnauthenticatedError(`the token says nothing this server understands: ${faults.join("; ")}`);
    } catch (error) {
      // Another key may have signed it; every other fault is the token's own.
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw readable(error);
    }
  }
  throw new UnauthenticatedError("the token was signed by none of the known keys");
}

function readable(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return new UnauthenticatedError("the token has expired");
  if (error instanceof errors.JWTClaimValidationFailed)
    return new UnauthenticatedError(`the token's claim ${error.claim} is missing or wrong`);
  if (error instanceof errors.JOSEError) return new UnauthenticatedError("the token is no JWT signed with EdDSA");
  return error;
}
