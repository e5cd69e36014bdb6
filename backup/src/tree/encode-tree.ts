import type { Node } from "./node.ts";

/**
 * The bytes of a tree blob. The nodes must be sorted by the bytes of their names, without duplicates (throws InputError).
 * The bytes have their own ArrayBuffer, so they can be transferred.
 */
export function encodeTree(nodes: readonly Node[]): Uint8Array<ArrayBuffer> {
  throw new Error(`not built yet (${nodes.length})`);
}
