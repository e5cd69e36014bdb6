import { generateSecret, generateURI, verifySync } from "otplib";

const periodSeconds = 30;

/** A new secret, 160 bits in base32. */
export function makeTotpSecret(): string {
  return generateSecret({ length: 20 });
}

/** What the QR code says (Google's key URI format). Pure. */
export function totpUri(secret: string, email: string): string {
  return generateURI({ issuer: "MyCloud", label: email, secret });
}

/**
 * The time step (RFC 6238 §4.2) whose code this is, at most one before or after the present one; null when it is none of these, or not newer than
 * `lastStep`: a code that somebody saw over a shoulder is worth nothing. Pure.
 */
export function findTotpStep(secret: string, code: string, nowMs: number, lastStep: number | null): number | null {
  const token = code.replaceAll(/[\s-]/g, "");
  if (!/^\d{6}$/.test(token)) return null;
  const epoch = Math.floor(nowMs / 1000);
  const verified = verifySync({ secret, token, epoch, period: periodSeconds, epochTolerance: periodSeconds });
  if (!verified.valid) return null;
  const step = Math.floor(epoch / periodSeconds) + verified.delta;
  return lastStep !== null && step <= lastStep ? null : step;
}
