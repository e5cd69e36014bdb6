import { type ByteString, byteString } from "./byte-string.ts";

const plain = /^[\x20-\x5b\x5d-\x7e]*$/;
const piece = /\\x([0-9a-fA-F]{2})|\\(\\)|([^\\]+)|\\/g;

/**
 * The bytes that `displayText` wrote so: its inverse. Null for what it never writes: a backslash before anything but `\` and `xNN`, and half of a
 * surrogate pair.
 */
export function bytesOfDisplayText(text: string): ByteString | null {
  if (plain.test(text)) return byteString(text);
  if (!text.isWellFormed()) return null;
  let bytes = "";
  for (const [, hex, backslash, characters] of text.matchAll(piece)) {
    if (hex !== undefined) bytes += String.fromCharCode(Number.parseInt(hex, 16));
    else if (backslash !== undefined) bytes += "\\";
    else if (characters !== undefined) bytes += byteString(characters);
    else return null;
  }
  return bytes as ByteString;
}
