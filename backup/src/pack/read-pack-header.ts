import type { Id, PackedBlob } from "../blob/index.ts";
import { type Cipher, sealOverheadBytes } from "../crypto/index.ts";
import { DamagedError } from "../error/index.ts";
import { parsePackHeader } from "./pack-header.ts";

/** Loads a part of the pack. */
export type LoadRange = (range: { readonly offset: number; readonly length: number }) => Promise<Uint8Array>;

const lengthBytes = 4;

/** Read at once: the header of a pack of some 400 blobs, more than most have. A second request costs more than these bytes. */
const eagerBytes = 16 * 1024;

/** restic writes and reads no longer ones. */
const maximumHeaderBytes = 16 * 1024 * 1024;

/** The blobs of a pack of `sizeBytes`, by its header alone: one or two reads at its end. Throws DamagedError. */
export async function readPackHeader(
  pack: { readonly id: Id; readonly sizeBytes: number },
  cipher: Cipher,
  loadRange: LoadRange,
): Promise<PackedBlob[]> {
  const object = `data/${pack.id}`;
  const tailBytes = Math.min(eagerBytes, pack.sizeBytes);
  if (tailBytes <= lengthBytes) throw new DamagedError(object, `a pack of ${pack.sizeBytes} bytes holds nothing`);
  const tail = Buffer.from(await loadRange({ offset: pack.sizeBytes - tailBytes, length: tailBytes }));
  const sealedBytes = tail.readUInt32LE(tailBytes - lengthBytes);
  const blobBytes = pack.sizeBytes - lengthBytes - sealedBytes;
  if (sealedBytes <= sealOverheadBytes || sealedBytes > maximumHeaderBytes || blobBytes < 0) {
    throw new DamagedError(object, `the pack's header cannot be ${sealedBytes} of ${pack.sizeBytes} bytes long`);
  }
  const sealed =
    sealedBytes + lengthBytes <= tailBytes
      ? tail.subarray(tailBytes - lengthBytes - sealedBytes, tailBytes - lengthBytes)
      : await loadRange({ offset: blobBytes, length: sealedBytes });
  const header = cipher.open(sealed);
  if (header === null) throw new DamagedError(object, "the pack's header is not what was written: its MAC is wrong");
  return parsePackHeader(pack.id, header, blobBytes);
}
