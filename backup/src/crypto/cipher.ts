import type { Cipher, MasterKey } from "./master-key.ts";

/** A cipher of this key, for one thread. */
export function createCipher(_key: MasterKey): Cipher {
  throw new Error("createCipher is not built yet");
}
