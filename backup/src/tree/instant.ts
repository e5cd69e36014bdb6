import type { InstantText } from "./node.ts";

/** Nanoseconds since 1970 (UTC) as restic writes an instant. Years beyond 0..9999 become year 0 or 9999, since RFC 3339 ends there. */
export function instantText(ns: bigint): InstantText {
  throw new Error(`not built yet (${ns})`);
}

/** Nanoseconds since 1970 of an RFC 3339 instant with a zone. Throws InputError when it is none. */
export function instantNs(text: InstantText): bigint {
  throw new Error(`not built yet (${text})`);
}
