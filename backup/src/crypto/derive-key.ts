import { DamagedError } from "../error/index.ts";
import { type HeadStart, type KdfParameters, refusalOfKdf, stretchPassword } from "../stretching/index.ts";
import type { MasterKey } from "./master-key.ts";

export { defaultKdfParameters, type KdfParameters } from "../stretching/index.ts";

/**
 * The key that a password and the salt of a key file give. Throws DamagedError for parameters that would take all memory or time. What was
 * begun before (`headStart`) is taken when it is the same.
 */
export async function deriveKey(
  password: string,
  salt: Uint8Array,
  { N, r, p }: KdfParameters,
  headStart: HeadStart | null = null,
): Promise<MasterKey> {
  const parameters = { N, r, p };
  const refusal = refusalOfKdf(parameters);
  if (refusal !== null) throw new DamagedError("key", refusal);
  const begun = headStart?.take(password, salt, parameters) ?? stretchPassword(password, salt, parameters);
  const bytes = await begun;
  return { encrypt: bytes.subarray(0, 32), macK: bytes.subarray(32, 48), macR: bytes.subarray(48, 64) };
}
