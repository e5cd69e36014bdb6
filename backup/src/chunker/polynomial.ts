import { randomBytes } from "node:crypto";

// Polynomials over GF(2) are numbers here: bit n is the coefficient of x^n.

const degree = 53;

/** A random irreducible polynomial of degree 53 over GF(2), in hexadecimal, for a new repository's config; restic refuses any other. */
export function generatePolynomial(random: (bytes: number) => Uint8Array = randomBytes): string {
  for (;;) {
    const drawn = BigInt(`0x${Buffer.from(random(7)).toString("hex")}`);
    // The highest term makes the degree; without the last one x would divide it.
    const candidate = BigInt.asUintN(degree, drawn) | (1n << BigInt(degree)) | 1n;
    if (isIrreducible(candidate)) return candidate.toString(16);
  }
}

/**
 * Whether a polynomial of degree 53 has no divisor but itself and 1 (Rabin's test). 53 is prime, so that is when it divides
 * x^(2^53) - x and has no root, neither 0 nor 1.
 */
export function isIrreducible(polynomial: bigint): boolean {
  if (polynomial >> BigInt(degree) !== 1n) return false;
  const hasRoot = (polynomial & 1n) === 0n || termCount(polynomial) % 2 === 0;
  if (hasRoot) return false;
  const x = 2n;
  let power = x;
  for (let squarings = 0; squarings < degree; squarings++) power = square(power, polynomial);
  return power === x;
}

function termCount(polynomial: bigint): number {
  return polynomial.toString(2).replaceAll("0", "").length;
}

/** The square modulo `modulus`: squaring over GF(2) doubles every exponent. */
function square(polynomial: bigint, modulus: bigint): bigint {
  let result = BigInt(`0b${polynomial.toString(2).split("").join("0")}`);
  for (let bit = 2 * degree; bit >= degree; bit--) {
    if ((result >> BigInt(bit)) & 1n) result ^= modulus << BigInt(bit - degree);
  }
  return result;
}
