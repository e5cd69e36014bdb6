import type { Id } from "../../blob/index.ts";
import { encodeTree, type Node, type TreeEncoder } from "../../tree/index.ts";
import { type BlobStorerSetting, createBlobStorer } from "./blob-storer.ts";
import type { PackUploads } from "./pack-uploads.ts";

/** Trees fill a pack slowly, and all that time it is in memory: a quarter of what others are, the least that restic makes. */
const mostPackBytes = 4 * 1024 * 1024;

/** Stores directories, on the main thread: their packs are few. */
export interface TreeStorer {
  /** Stores the tree of these nodes (sorted by name); its id. */
  store(nodes: readonly Node[]): Id;
  /** Stores the tree that was written, whose memory serves others then; its id. */
  storeEncoded(tree: TreeEncoder): Id;
  /** Stores a tree that is encoded already. */
  storeBytes(bytes: Uint8Array): Id;
  flush(): void;
}

/** A storer of trees whose packs go to `uploads`. */
export function createTreeStorer(setting: BlobStorerSetting, uploads: PackUploads): TreeStorer {
  const packSizeBytes = Math.min(setting.packSizeBytes, mostPackBytes);
  const storer = createBlobStorer({ ...setting, packSizeBytes }, "tree", { onPack: (pack) => uploads.accept(pack) });
  return {
    store: (nodes) => storer.store(encodeTree(nodes)),
    storeEncoded(tree) {
      const id = storer.storePieces(tree.finish());
      tree.release();
      return id;
    },
    storeBytes: (bytes) => storer.store(bytes),
    flush: () => storer.flush(),
  };
}
