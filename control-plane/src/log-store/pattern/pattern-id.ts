import { createHash } from "node:crypto";

/** A pattern's id: the same text has the same one, everywhere and always. 12 letters and digits. Pure. */
export function patternId(template: string): string {
  return createHash("sha256").update(template).digest().readBigUInt64BE(0).toString(36).padStart(13, "0").slice(0, 12);
}
