import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { generatePolynomial, isIrreducible } from "./polynomial.ts";

describe("a chunker polynomial", () => {
  // The first is that of restic's own tests and documentation; the second is the primitive one of least weight (53, 6, 2, 1, 0).
  const irreducible = [0x3da3358b4dc173n, (1n << 53n) | 0b1000111n];

  it("is irreducible when it is known to be", () => {
    for (const polynomial of irreducible) assert.ok(isIrreducible(polynomial), polynomial.toString(16));
  });

  it("is not when it is a product", () => {
    const factors: readonly [bigint, number][] = [
      [0b10n, 52],
      [0b11n, 52],
      [0b111n, 51],
      [0b1011n, 50],
      [(1n << 25n) | 0b1001n, 28],
    ];
    for (const [factor, rest] of factors) {
      const product = multiply(factor, (1n << BigInt(rest)) | 0b100101n);
      assert.ok(!isIrreducible(product), product.toString(16));
    }
  });

  it("is not when its degree is another", () => {
    // x^52 + x^3 + 1 and x^54 + x^8 + x^6 + x^3 + 1 are irreducible, but no repository's.
    for (const polynomial of [0n, 1n, (1n << 52n) | 0b1001n, (1n << 54n) | 0b101001001n]) {
      assert.ok(!isIrreducible(polynomial));
    }
  });

  it("is generated in the form that restic writes", () => {
    for (let seed = 0; seed < 20; seed++) {
      const text = generatePolynomial(randomFrom(String(seed)));
      assert.match(text, /^[23][0-9a-f]{13}$/);
      assert.ok(isIrreducible(BigInt(`0x${text}`)));
    }
  });

  it("is another one each time", () => {
    assert.notEqual(generatePolynomial(), generatePolynomial());
  });
});

function randomFrom(seed: string): (bytes: number) => Uint8Array {
  let draws = 0;
  return (bytes) => createHash("shake128", { outputLength: bytes }).update(`${seed} ${draws++}`).digest();
}

function multiply(a: bigint, b: bigint): bigint {
  let product = 0n;
  for (let bit = 0n; a >> bit > 0n; bit++) if ((a >> bit) & 1n) product ^= b << bit;
  return product;
}
