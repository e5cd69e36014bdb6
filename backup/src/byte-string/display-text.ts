import type { ByteString } from "./byte-string.ts";

const plain = /^[\x20-\x5b\x5d-\x7e]*$/;
/** Controls, DEL, C1, line separators, and what turns the direction of text round (a name must not disguise itself). */
const hidden = /[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/;

/** A byte string as a person may read it on one line: UTF-8 where it is, else `\xNN` for each byte; a backslash itself is `\\`. */
export function displayText(name: ByteString): string {
  if (plain.test(name)) return name;
  let text = "";
  const bytes = Buffer.from(name, "latin1");
  for (let at = 0; at < bytes.length; ) {
    const character = characterAt(bytes, at);
    if (character === "\\") text += "\\\\";
    else if (character !== null && !hidden.test(character)) text += character;
    else text += escapeBytes(bytes.subarray(at, at + Math.max(1, byteLengthOf(character))));
    at += Math.max(1, byteLengthOf(character));
  }
  return text;
}

/** The character that begins at a byte, or null when none does (strict UTF-8: no surrogates, nothing overlong). */
function characterAt(bytes: Buffer, at: number): string | null {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length === 0 || at + length > bytes.length) return null;
  const text = bytes.toString("utf8", at, at + length);
  return Buffer.byteLength(text) === length && Buffer.from(text).equals(bytes.subarray(at, at + length)) ? text : null;
}

function byteLengthOf(character: string | null): number {
  return character === null ? 0 : Buffer.byteLength(character);
}

function escapeBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
}
