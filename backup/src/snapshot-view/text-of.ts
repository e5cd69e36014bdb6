/** Controls that texts have: tab, line feed, form feed, carriage return, escape (terminals' colours). */
const textControls = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x1b]);
/** As git looks at no more than the beginning. */
const lookedAtBytes = 8000;

/** The text in the bytes of a file: UTF-8, with a mark UTF-16, else Latin-1. Null when it is no text. Pure. */
export function textOf(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decode("utf-16le", bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decode("utf-16be", bytes);
  const isBinary = bytes.subarray(0, lookedAtBytes).some((byte) => byte < 0x20 && !textControls.has(byte));
  if (isBinary || bytes.includes(0)) return null;
  return decode("utf-8", bytes) ?? decode("latin1", bytes);
}

/** Null when the bytes are not in this encoding. */
function decode(encoding: string, bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
