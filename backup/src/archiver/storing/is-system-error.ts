import { codeOf } from "../../filesystem/index.ts";

/** What the system says of a file is a result; anything else that is thrown is our fault. Node's own codes begin with ERR_. */
export function isSystemError(error: unknown): boolean {
  return /^E(?!RR_)/.test(codeOf(error));
}
