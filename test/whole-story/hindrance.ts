import { requirePeer } from "../peers/peer.ts";
import { postfixProgram } from "../peers/postfix.ts";

/** Why this cannot be tried here; false when it can. */
export function hindrance(): string | false {
  let reason: string | false = process.getuid?.() === 0 ? false : "postfix needs root";
  const skip = (message = "") => {
    reason = message;
  };
  requirePeer({ skip }, postfixProgram, "postfix");
  return reason;
}
