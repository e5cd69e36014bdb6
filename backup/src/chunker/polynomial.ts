import { randomBytes } from "node:crypto";

/** A random irreducible polynomial of degree 53 over GF(2), in hexadecimal, for a new repository's config; restic refuses any other. */
export function generatePolynomial(_random: (bytes: number) => Uint8Array = randomBytes): string {
  throw new Error("generatePolynomial is not built yet");
}
