import { type JoinOptions, joinLines } from "./join-lines.ts";
import { type LineState, type LinesOfBytes, READ_BUFFER_BYTES, splitLines } from "./split-lines.ts";
import type { TextEncoding } from "./text-encoding.ts";

export interface LineStreamOptions {
  readonly encoding: TextEncoding;
  readonly multiline: Pick<JoinOptions, "findStarts" | "maximumLines"> | null;
  readonly maximumLines: number;
  /** What the first bytes are the beginning of. */
  readonly state?: LineState;
}

/** Lines of bytes that come piece by piece and only once: keeps the beginning of a line until its end comes. */
export interface LineStream {
  /** Calls `use` with the lines that became complete, as often as need be; `consumed` counts from the stream's beginning. */
  write(bytes: Buffer, use: (lines: LinesOfBytes) => Promise<void>): Promise<void>;
  /** Hands on what is held, because nothing more came for long enough or ever will. */
  flush(use: (lines: LinesOfBytes) => Promise<void>): Promise<void>;
  readonly heldBytes: number;
}

/** Makes a line stream; it holds at most READ_BUFFER_BYTES. */
export function createLineStream(options: LineStreamOptions): LineStream {
  const held = Buffer.allocUnsafe(READ_BUFFER_BYTES);
  let length = 0;
  let state: LineState = options.state ?? "start";
  let consumedBefore = 0;

  async function drain(isFinal: boolean, use: (lines: LinesOfBytes) => Promise<void>): Promise<void> {
    while (length > 0) {
      const isFull = length === held.length;
      const split = splitLines(held.subarray(0, length), { ...options, state, isFinal });
      const isWhole = isFinal && split.consumed === length;
      const found = options.multiline === null ? split : joinLines(split, { ...options.multiline, isFinal: isWhole });
      // One record fills all the room there is: it has to go as it is.
      const isStuck = found.consumed === 0 && (isFull || isFinal) && split.consumed > 0;
      const taken =
        isStuck && options.multiline !== null ? joinLines(split, { ...options.multiline, isFinal: true }) : found;
      if (taken.consumed === 0) return;
      held.copyWithin(0, taken.consumed, length);
      length -= taken.consumed;
      consumedBefore += taken.consumed;
      state = taken.state;
      if (taken.lines.length > 0) await use({ ...taken, consumed: consumedBefore });
    }
  }

  return {
    async write(bytes, use) {
      for (let from = 0; from < bytes.length; ) {
        const copied = bytes.copy(held, length, from);
        from += copied;
        length += copied;
        await drain(false, use);
      }
    },
    flush: (use) => drain(true, use),
    get heldBytes() {
      return length;
    },
  };
}
