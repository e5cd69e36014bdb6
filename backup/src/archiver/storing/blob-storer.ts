import { hash } from "node:crypto";
import type { BlobType, Id } from "../../blob/index.ts";
import { createCompressor, looksIncompressible } from "../../compression/index.ts";
import { createCipher, type MasterKey } from "../../crypto/index.ts";
import { openSharedBlobTable, type SharedBlobTable } from "../../index/index.ts";
import { createPackBuilder, type FinishedPack } from "../../pack/index.ts";

/** What a thread needs to make packs: plain data, and memory that all threads share. */
export interface BlobStorerSetting {
  readonly key: MasterKey;
  readonly table: SharedBlobTable;
  /** Of zstd; null stores everything as it is. */
  readonly compressionLevel: number | null;
  readonly packSizeBytes: number;
}

/** Turns plaintext into blobs in packs, each blob once over all threads. Synchronous. */
export interface BlobStorer {
  /** The id of these bytes; they are in a pack now, unless somebody has or had them. The bytes may be overwritten afterwards. */
  store(bytes: Uint8Array): Id;
  /** Hands over the pack that is begun. */
  flush(): void;
}

/** A storer for one type of blob; `beforePack` is called before a pack is begun, `onPack` with each that is done. */
export function createBlobStorer(
  setting: BlobStorerSetting,
  type: BlobType,
  hooks: { readonly beforePack: () => void; readonly onPack: (pack: FinishedPack) => void },
): BlobStorer {
  const builder = createPackBuilder({ type, cipher: createCipher(setting.key), targetBytes: setting.packSizeBytes });
  const claims = openSharedBlobTable(setting.table);
  const compressor = setting.compressionLevel === null ? null : createCompressor(setting.compressionLevel);

  function flush(): void {
    const pack = builder.finish();
    if (pack !== null) hooks.onPack(pack);
  }

  return {
    store(bytes) {
      const digest = hash("sha256", bytes, "buffer");
      const id = digest.toString("hex");
      if (!claims.claim(type, digest)) return id;
      if (builder.blobCount === 0) hooks.beforePack();
      const compressed = compressor === null || looksIncompressible(bytes) ? null : compressor.compress(bytes);
      if (compressed === null) builder.add(id, bytes, null);
      else builder.add(id, compressed, bytes.length);
      if (builder.isFull) flush();
      return id;
    },
    flush,
  };
}
