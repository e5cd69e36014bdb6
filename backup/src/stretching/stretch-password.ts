import { type ScryptOptions, scrypt } from "node:crypto";

/** What a key file says about scrypt: cost, block size and lanes. */
export interface KdfParameters {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/**
 * For new key files: one of OWASP's choices for scrypt (Password Storage Cheat Sheet). Of those that cost an attacker the same it is the
 * quickest but one here: 0.17 s and 16 MiB where N=2^17, p=1 takes 0.36 s and 128 MiB, more than the rest of an unchanged backup.
 */
export const defaultKdfParameters: KdfParameters = { N: 2 ** 14, r: 8, p: 5 };

/** Key files come from a server that may lie. What restic calibrates for half a second is far below both. */
const maximumMemoryBytes = 1024 ** 3;
const maximumCost = 2 ** 25;

/** 64 bytes from a password and a salt, made by another thread. The parameters must be none that `refusalOfKdf` refuses. */
export function stretchPassword(
  password: string,
  salt: Uint8Array,
  { N, r, p }: KdfParameters,
): Promise<Uint8Array<ArrayBuffer>> {
  // OpenSSL counts a little more than the table of N blocks.
  const options: ScryptOptions = { N, r, p, maxmem: 128 * r * (N + p + 2) + 1024 ** 2 };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, 64, options, (error, bytes) => {
      if (error !== null) reject(error);
      else resolve(bytes);
    });
  });
}

/** Why parameters are refused: they are none of scrypt's, or would take all memory or time. Null when they are good. */
export function refusalOfKdf({ N, r, p }: KdfParameters): string | null {
  const shown = `scrypt with N=${N}, r=${r}, p=${p}`;
  if (![N, r, p].every((number) => Number.isSafeInteger(number) && number >= 1)) {
    return `${shown}: each must be a whole number above 0`;
  }
  if (N < 2 || !Number.isInteger(Math.log2(N))) return `${shown}: N must be a power of two above 1`;
  if (128 * N * r > maximumMemoryBytes) return `${shown} would take more than ${maximumMemoryBytes} bytes of memory`;
  if (N * r * p > maximumCost)
    return `${shown} would take longer than anybody waits; N*r*p must not be above ${maximumCost}`;
  return null;
}
