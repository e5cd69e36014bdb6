import { promisify } from "node:util";
import { gunzip, gunzipSync } from "node:zlib";
import type { ForwardMessage } from "./message.ts";
import { MessagePackError } from "./message-pack-error.ts";

const gunzipElsewhere = promisify(gunzip);

/** Smaller ones are unpacked where they are: to hand them to another thread takes longer. */
const smallBytes = 16_384;

/**
 * The packed entries of a message, decompressed: all members of the gzip, if there are several. Throws MessagePackError when they would become more than
 * `maximumBytes`, which is known before they are, or are no gzip.
 */
export async function unpackEntries(
  message: Extract<ForwardMessage, { readonly packed: Uint8Array }>,
  maximumBytes: number,
): Promise<Uint8Array> {
  if (message.mode === "packed") return message.packed;
  const limit = { maxOutputLength: maximumBytes };
  try {
    if (message.packed.length <= smallBytes) return gunzipSync(message.packed, limit);
    return await gunzipElsewhere(message.packed, limit);
  } catch (error) {
    const isTooLarge = error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    if (isTooLarge) throw new MessagePackError(`entries of more than ${maximumBytes} bytes, decompressed`);
    throw new MessagePackError(`entries that are no gzip: ${error instanceof Error ? error.message : String(error)}`);
  }
}
