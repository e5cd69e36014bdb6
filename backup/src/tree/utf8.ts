import type { ByteString } from "../byte-string/index.ts";

/**
 * Length in bytes (1..4) of the UTF-8 character that begins at this place of a byte string; 0 when none does: a stray or missing
 * continuation byte, an overlong form, a surrogate, beyond U+10FFFF (RFC 3629; as Go's utf8.DecodeRune).
 */
export function utf8Length(bytes: ByteString, at: number): number {
  const first = bytes.charCodeAt(at);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const second = bytes.charCodeAt(at + 1);
  if (first < 0xe0) return isContinuation(second) ? 2 : 0;
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  // NaN, beyond the end, is in no range.
  if (!(second >= lowest && second <= highest)) return 0;
  if (!isContinuation(bytes.charCodeAt(at + 2))) return 0;
  if (first < 0xf0) return 3;
  return isContinuation(bytes.charCodeAt(at + 3)) ? 4 : 0;
}

function isContinuation(byte: number): boolean {
  return byte >= 0x80 && byte <= 0xbf;
}

/** Whether a byte string is UTF-8 throughout. */
export function isUtf8(bytes: ByteString): boolean {
  for (let at = 0; at < bytes.length; ) {
    const length = utf8Length(bytes, at);
    if (length === 0) return false;
    at += length;
  }
  return true;
}
