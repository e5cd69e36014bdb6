import type { BlobClaims, SharedBlobTable } from "./blob-index.ts";

/** Takes part in a table from a worker thread. */
export function openSharedBlobTable(_shared: SharedBlobTable): BlobClaims {
  throw new Error("openSharedBlobTable is not built yet");
}
