import { createHash, timingSafeEqual } from "node:crypto";

/** Proof of the shared key: SHA-512, in hex, of salt, the prover's host name, the server's nonce and the key. */
export function sharedKeyDigest(of: {
  readonly salt: Uint8Array;
  readonly hostName: string;
  readonly nonce: Uint8Array;
  readonly key: string;
}): string {
  return createHash("sha512").update(of.salt).update(of.hostName).update(of.nonce).update(of.key).digest("hex");
}

/** Proof of a password: SHA-512, in hex, of the server's salt for it, the user's name and the password. */
export function passwordDigest(of: {
  readonly salt: Uint8Array;
  readonly userName: string;
  readonly password: string;
}): string {
  return createHash("sha512").update(of.salt).update(of.userName).update(of.password).digest("hex");
}

/** Whether two digests are the same; takes as long when they differ. */
export function isSameDigest(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
