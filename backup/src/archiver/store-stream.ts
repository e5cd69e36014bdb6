import type { Id } from "../blob/index.ts";
import { createChunker, normalSizes } from "../chunker/index.ts";
import type { StoreJob, StoreResult } from "./storing/store-job.ts";

/** So much of the stream is cut at once: more than the largest chunk, so that each piece has one. */
const pieceBytes = 16 * 1024 * 1024;

/** Stores what a stream gives: cut here, stored by the threads; at most `mostAtOnce` pieces are in memory beside the one being filled. */
export async function storeStream(
  stream: AsyncIterable<Uint8Array>,
  polynomial: string,
  runJob: (job: StoreJob) => Promise<StoreResult>,
  options: { readonly mostAtOnce: number; readonly onBytes: (bytes: number) => void; readonly signal: AbortSignal },
): Promise<{ readonly content: readonly Id[]; readonly size: number }> {
  const chunker = createChunker({ polynomial, sizes: normalSizes });
  const parts: (readonly Id[])[] = [];
  const running = new Set<Promise<void>>();
  const failure: { thrown?: { readonly reason: unknown } } = {};
  let piece = Buffer.allocUnsafeSlow(pieceBytes);
  let filled = 0;
  let size = 0;

  const store = async (isLast: boolean) => {
    const ends = chunker.cut(piece.subarray(0, filled), isLast);
    const done = ends.at(-1) ?? 0;
    const next = isLast ? piece : Buffer.allocUnsafeSlow(pieceBytes);
    piece.copy(next, 0, done, filled);
    const bytes = new Uint8Array(piece.buffer, 0, done);
    const part = parts.push([]) - 1;
    const job = runJob({ kind: "bytes", bytes, ends })
      .then((result) => {
        if (result.kind !== "content") throw new Error(`a job for content was answered with ${result.kind}`);
        parts[part] = result.content;
        options.onBytes(result.size);
      })
      .catch((reason: unknown) => {
        failure.thrown ??= { reason };
      })
      .finally(() => running.delete(job));
    running.add(job);
    piece = next;
    filled -= done;
    size += done;
    while (running.size >= options.mostAtOnce) await Promise.race(running);
    if (failure.thrown !== undefined) throw failure.thrown.reason;
  };

  for await (const bytes of stream) {
    options.signal.throwIfAborted();
    for (let at = 0; at < bytes.length; ) {
      const length = Math.min(pieceBytes - filled, bytes.length - at);
      piece.set(bytes.subarray(at, at + length), filled);
      filled += length;
      at += length;
      if (filled === pieceBytes) await store(false);
    }
  }
  if (filled > 0) await store(true);
  await Promise.all(running);
  if (failure.thrown !== undefined) throw failure.thrown.reason;
  return { content: parts.flat(), size };
}
