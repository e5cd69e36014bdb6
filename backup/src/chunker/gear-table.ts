import { createHash } from "node:crypto";

/** The gear hash has 64 bits and is shifted by one for each byte: it depends on so many bytes. */
export const gearWindowBytes = 64;

/** The 256 random numbers of 64 bits that the gear hash adds, drawn from the repository's secret polynomial. */
export function gearTable(polynomial: string): Uint8Array {
  const expanded = createHash("shake256", { outputLength: 256 * 8 });
  return expanded.update(`mycloud gear table 1: ${BigInt(`0x${polynomial}`).toString(16)}`).digest();
}
