import type { LogFields } from "@mycloud/protocol/log-record";
import { addressWords } from "./address-token.ts";
import { fieldTokens } from "./field-token.ts";

/** What the index has of a record beside the words of its message. What was written must be said again to be removed. Pure. */
export function besideMessage(fields: LogFields, message: string): string {
  return fieldTokens(fields) + addressWords(message);
}
