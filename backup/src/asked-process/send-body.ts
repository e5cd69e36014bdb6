import { createSendWindow, type SendWindow } from "./send-window.ts";

/** Bytes of a body that are on their way at most. */
const windowBytes = 1024 * 1024;
/** Bytes go over the channel in pieces of at most this. */
const pieceBytes = 256 * 1024;

/** How much of one answer's body may be on its way. */
export function createBodyWindow(): SendWindow {
  return createSendWindow(windowBytes);
}

/** Sends a body at the pace at which it is read. Throws when the signal is aborted, and what the body throws. */
export async function sendBody(
  body: AsyncGenerator<Uint8Array>,
  window: SendWindow,
  tellBytes: (bytes: Uint8Array) => void,
  signal: AbortSignal,
): Promise<void> {
  for await (const bytes of body) {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const piece = bytes.subarray(at, at + pieceBytes);
      await window.take(piece.length, signal);
      tellBytes(piece);
    }
  }
}
