import type { ZstdCompress, ZstdDecompress } from "node:zlib";
import { constants } from "node:zlib";

/** One zstd context, used for one frame after the other. */
export interface ZstdContext {
  /** Turns all of `source` into `target`: how many bytes that gave, or null when it failed or did not fit. */
  turn(source: Uint8Array, target: Uint8Array): number | null;
  /** The same for bytes that lie in several places. */
  turnPieces(sources: readonly Uint8Array[], target: Uint8Array): number | null;
}

/** What lies behind a zlib stream of Node's; not part of its documented interface. */
interface StreamInternals {
  readonly _handle: {
    reset(): void;
    writeSync(
      flush: number,
      source: Uint8Array,
      sourceAt: number,
      sourceLength: number,
      target: Uint8Array,
      targetAt: number,
      targetLength: number,
    ): void;
  };
  /** After a write: bytes of the target not filled, bytes of the source not taken. */
  readonly _writeState: Uint32Array;
}

/**
 * A context that is reset between frames rather than made for each, as Node's one-shot functions do: making it costs as much as 4 KiB of
 * work, and most files are small (measured: 1.7 times the rate at 4 KiB, 1.3 at 16 KiB; decompressing 2.7 and 1.3 times).
 * Node offers it only beneath its streams. Null when this Node's streams are built otherwise: use the one-shot functions then.
 */
export function createZstdContext(createStream: () => ZstdCompress | ZstdDecompress): ZstdContext | null {
  let stream = open();
  const first = internalsOf(stream);
  if (first === null) return null;
  let internals = first;

  function open(): ZstdCompress | ZstdDecompress {
    const opened = createStream();
    // A broken frame destroys its stream, which says so here as well; `turn` has told its caller by then.
    opened.on("error", () => {});
    return opened;
  }

  /** Goes on with `source`: where in `target` it got to, or null. */
  function write(flush: number, source: Uint8Array, target: Uint8Array, at: number): number | null {
    const { _handle: handle, _writeState: writeState } = internals;
    handle.writeSync(flush, source, 0, source.length, target, at, target.length - at);
    if (stream.destroyed) {
      stream = open();
      internals = internalsOf(stream) ?? internals;
      return null;
    }
    const [targetLeft = 0, sourceLeft = 0] = writeState;
    // A full target may lack what the context still holds.
    return sourceLeft === 0 && targetLeft > 0 ? target.length - targetLeft : null;
  }

  return {
    turn(source, target) {
      internals._handle.reset();
      return write(constants.ZSTD_e_end, source, target, 0);
    },
    turnPieces(sources, target) {
      internals._handle.reset();
      let at: number | null = 0;
      for (const [number, source] of sources.entries()) {
        const isLast = number === sources.length - 1;
        at = write(isLast ? constants.ZSTD_e_end : constants.ZSTD_e_continue, source, target, at);
        if (at === null) return null;
      }
      return at;
    },
  };
}

function internalsOf(stream: object): StreamInternals | null {
  return hasInternals(stream) ? stream : null;
}

function hasInternals(stream: object): stream is StreamInternals {
  return (
    "_handle" in stream &&
    typeof stream._handle === "object" &&
    stream._handle !== null &&
    "reset" in stream._handle &&
    typeof stream._handle.reset === "function" &&
    "writeSync" in stream._handle &&
    typeof stream._handle.writeSync === "function" &&
    "_writeState" in stream &&
    stream._writeState instanceof Uint32Array
  );
}
