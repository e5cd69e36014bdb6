import type { Node } from "./node.ts";

/**
 * The nodes of a tree blob, sorted by the bytes of their names. Nothing in it is trusted: throws DamagedError, which names `object`, when
 * the form, the order or a name is wrong (empty, ".", "..", with "/" or NUL). Unknown fields are passed over.
 */
export function decodeTree(bytes: Uint8Array, object = "tree"): Node[] {
  throw new Error(`not built yet (${bytes.length} ${object})`);
}
