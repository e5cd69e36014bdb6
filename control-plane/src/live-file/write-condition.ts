import { InputError } from "../error/index.ts";

/** A version as an agent tells it; anything else in quotes is none of a live file. */
const version = /^"([0-9a-z.-]{1,100})"$/;

/**
 * What `If-Match` and `If-None-Match` say of a file that is to be written, as the agent is told it (RFC 9110 §13.1). Null: nothing. Throws InputError for
 * what cannot be kept to. Pure.
 */
export function writeCondition(ifMatch: string | undefined, ifNoneMatch: string | undefined): string | null {
  if (ifMatch !== undefined && ifNoneMatch !== undefined) {
    throw new InputError("send If-Match or If-None-Match, and not both");
  }
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch.trim() === "*") return "none";
    throw new InputError("If-None-Match is understood as * only: the file must not be there yet");
  }
  if (ifMatch === undefined) return null;
  if (ifMatch.trim() === "*") return "*";
  const found = version.exec(ifMatch.trim())?.[1];
  if (found === undefined) throw new InputError("If-Match is no version of a file; send the ETag as it was answered");
  return found;
}
