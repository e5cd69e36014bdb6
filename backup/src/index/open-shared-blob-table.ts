import type { BlobClaims, SharedBlobTable } from "./blob-index.ts";
import { BlobTable, claimedPack, deadPack } from "./blob-table.ts";

/** Takes part in a table from a worker thread (or from the main thread, where more than one thread stores blobs). */
export function openSharedBlobTable(shared: SharedBlobTable): BlobClaims {
  const table = new BlobTable(shared);
  const words = new Uint32Array(8);
  const bytes = new Uint8Array(words.buffer);
  return {
    claim: (type, id) => {
      if (id.length !== 32) throw new Error(`an id has 32 bytes, this one has ${id.length}`);
      bytes.set(id);
      table.lock();
      try {
        table.reserve(1);
        let dead = -1;
        for (let entry = table.first(type, words); entry !== -1; entry = table.next()) {
          if (table.packOf(entry) !== deadPack) return false;
          dead = entry;
        }
        if (dead === -1) table.append(claimedPack);
        else table.setPack(dead, claimedPack);
        table.changeClaimedCount(1);
        return true;
      } finally {
        table.unlock();
      }
    },
    isKnown: (type, id) => {
      if (id.length !== 32) throw new Error(`an id has 32 bytes, this one has ${id.length}`);
      bytes.set(id);
      table.lock();
      try {
        for (let entry = table.first(type, words); entry !== -1; entry = table.next()) {
          if (table.packOf(entry) !== deadPack) return true;
        }
        return false;
      } finally {
        table.unlock();
      }
    },
  };
}
