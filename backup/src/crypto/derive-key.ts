import type { MasterKey } from "./master-key.ts";

/** What a key file says about scrypt: cost, block size and lanes. */
export interface KdfParameters {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** For new key files. */
export const defaultKdfParameters: KdfParameters = { N: 2 ** 15, r: 8, p: 3 };

/** The key that a password and the salt of a key file give. Throws DamagedError for parameters that would take all memory or time. */
export async function deriveKey(_password: string, _salt: Uint8Array, _parameters: KdfParameters): Promise<MasterKey> {
  throw new Error("deriveKey is not built yet");
}
