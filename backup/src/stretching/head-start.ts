import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type KdfParameters, refusalOfKdf, stretchPassword } from "./stretch-password.ts";

/** A password that is being stretched before anybody asked for it. */
export interface HeadStart {
  /** The bytes that `stretchPassword` would give, when they are the ones that were begun; else null. */
  take(password: string, salt: Uint8Array, parameters: KdfParameters): Promise<Uint8Array<ArrayBuffer>> | null;
}

/**
 * Begins to stretch a password for the key that will be tried first of a repository in a directory: `keyHint`, or the first by name. A
 * guess that nothing depends on; null when there is nothing to begin with, and why is for the opening to say.
 */
export function beginStretching(directory: string, password: string, keyHint: string | null): HeadStart | null {
  const key = readFirstKey(join(directory, "keys"), keyHint);
  if (key === null || password === "") return null;
  const bytes = stretchPassword(password, key.salt, key);
  // Whoever takes it hears of a failure.
  bytes.catch(() => undefined);
  return {
    take(asked, salt, { N, r, p }) {
      const isSame = asked === password && N === key.N && r === key.r && p === key.p && key.salt.equals(salt);
      return isSame ? bytes : null;
    },
  };
}

function readFirstKey(directory: string, keyHint: string | null): (KdfParameters & { readonly salt: Buffer }) | null {
  try {
    const names = readdirSync(directory).filter((name) => /^[0-9a-f]{64}$/.test(name));
    const name = keyHint !== null && names.includes(keyHint) ? keyHint : names.sort()[0];
    if (name === undefined) return null;
    const file: Readonly<Record<string, unknown>> = JSON.parse(readFileSync(join(directory, name), "utf8"));
    const { N, r, p, salt } = file;
    if (typeof N !== "number" || typeof r !== "number" || typeof p !== "number" || typeof salt !== "string")
      return null;
    return refusalOfKdf({ N, r, p }) === null ? { N, r, p, salt: Buffer.from(salt, "base64") } : null;
  } catch {
    return null;
  }
}
