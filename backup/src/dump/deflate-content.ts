import { constants, deflateRaw, deflateRawSync } from "node:zlib";
import { looksIncompressible } from "../compression/index.ts";

/** A part of a file's content, and what it is in the archive. */
export interface DeflatedPart {
  readonly plain: Uint8Array;
  readonly deflated: Uint8Array;
}

/** Content up to this is deflated on the spot, which takes about a millisecond; another thread would cost more. */
const onTheSpotBytes = 32 * 1024;
/** Parts that are being deflated: there is a thread for each. */
const partsAtOnce = 2;

/** What ends deflated content: an empty block that says it is the last (RFC 1951). */
export const deflateEnd = Uint8Array.of(0x03, 0x00);

/** All of a small file's content deflated, or as it is where that is no shorter. */
export async function deflateWhole(
  content: Uint8Array,
): Promise<{ readonly method: "stored" | "deflated"; readonly bytes: Uint8Array }> {
  if (content.length < 32 || looksIncompressible(content)) return { method: "stored", bytes: content };
  const deflated =
    content.length <= onTheSpotBytes ? deflateRawSync(content, contextFor(content.length)) : await deflate(content, {});
  return deflated.length < content.length
    ? { method: "deflated", bytes: deflated }
    : { method: "stored", bytes: content };
}

/**
 * Content deflated part by part, in order, some parts at once by other threads. Each part ends at a whole byte and refers to nothing before it, so that they
 * make one stream, with `deflateEnd` behind them. Noise is stored, but within deflate's blocks: who reads a stream finds the end of nothing else.
 */
export async function* deflateParts(content: AsyncIterable<Uint8Array>): AsyncGenerator<DeflatedPart> {
  const waiting: Promise<DeflatedPart>[] = [];
  for await (const plain of content) {
    const level = looksIncompressible(plain) ? 0 : constants.Z_DEFAULT_COMPRESSION;
    const part = deflate(plain, { level, finishFlush: constants.Z_SYNC_FLUSH }).then((deflated) => ({
      plain,
      deflated,
    }));
    part.catch(() => undefined);
    waiting.push(part);
    if (waiting.length < partsAtOnce) continue;
    const first = waiting.shift();
    if (first !== undefined) yield await first;
  }
  for (const part of waiting) yield await part;
}

/** A context no larger than the content can use: making one is most of the work of a small file. */
function contextFor(length: number) {
  const small = length <= 4096 ? { windowBits: 12, memLevel: 5 } : {};
  return { chunkSize: Math.max(64, length), ...small };
}

function deflate(bytes: Uint8Array, options: { level?: number; finishFlush?: number }): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    deflateRaw(bytes, options, (error, deflated) => {
      if (error === null) resolve(deflated);
      else reject(error);
    });
  });
}
