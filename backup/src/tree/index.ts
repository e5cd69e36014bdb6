// A tree is a directory: its entries (nodes), sorted by the bytes of their names, as JSON in a tree blob. What `encodeTree` writes is
// byte for byte what Go's encoder would, so that restic's and our trees of the same directory are one blob.
export * from "./decode-tree.ts";
export * from "./encode-tree.ts";
export * from "./find-in-tree.ts";
export { instantNs, instantSeconds, instantText, instantTextOf, localInstantText, nanosecondsOf } from "./instant.ts";
export * from "./node.ts";
export * from "./tree-memory.ts";
