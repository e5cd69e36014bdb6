import type { ByteString } from "../byte-string/index.ts";
import { isPrintable } from "./printable.ts";
import { utf8Length } from "./utf8.ts";

const plainName = /^[ !#-[\]-~]*$/;
const letters = new Map([
  ["\x07", "\\a"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\v", "\\v"],
  ["\\", "\\\\"],
  ['"', '\\"'],
]);
const bytesOfLetters = new Map([...letters].map(([byte, escaped]) => [escaped.slice(1), byte]));

/** A name as Go's strconv.Quote writes it, without the quotes around: odd bytes as \xNN, unprintable characters as \uNNNN. Bytes to bytes. */
export function quoteName(name: ByteString): ByteString {
  if (plainName.test(name)) return name;
  let quoted = "";
  for (let at = 0; at < name.length; ) {
    const length = utf8Length(name, at);
    const bytes = name.slice(at, at + Math.max(length, 1));
    at += bytes.length;
    quoted += length === 0 ? hexByte(bytes) : quoteCharacter(bytes);
  }
  return quoted as ByteString;
}

function quoteCharacter(bytes: string): string {
  const letter = letters.get(bytes);
  if (letter !== undefined) return letter;
  if (bytes.length === 1) return bytes >= " " && bytes !== "\x7f" ? bytes : hexByte(bytes);
  const character = Buffer.from(bytes, "latin1").toString("utf8");
  if (isPrintable(character)) return bytes;
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length <= 4 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

function hexByte(byte: string): string {
  return `\\x${byte.charCodeAt(0).toString(16).padStart(2, "0")}`;
}

const escapeForm = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([abfnrtv\\"]))/y;

/** The bytes of a name that `quoteName` wrote; null when it is none (a bare quote, a newline, an escape Go does not know). */
export function unquoteName(quoted: ByteString): ByteString | null {
  if (plainName.test(quoted)) return quoted;
  let name = "";
  for (let at = 0; at < quoted.length; ) {
    const next = quoted.indexOf("\\", at);
    const plain = next === -1 ? quoted.slice(at) : quoted.slice(at, next);
    if (/["\n]/.test(plain)) return null;
    name += plain;
    if (next === -1) break;
    escapeForm.lastIndex = next;
    const match = escapeForm.exec(quoted);
    const bytes = match === null ? null : escapedBytes(match);
    if (bytes === null) return null;
    name += bytes;
    at = escapeForm.lastIndex;
  }
  return name as ByteString;
}

function escapedBytes([, hex, short, long, octal, letter]: RegExpExecArray): string | null {
  if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
  if (letter !== undefined) return bytesOfLetters.get(letter) ?? null;
  if (octal !== undefined) {
    const byte = Number.parseInt(octal, 8);
    return byte > 0xff ? null : String.fromCharCode(byte);
  }
  const codePoint = Number.parseInt(short ?? long ?? "", 16);
  const isCharacter = codePoint <= 0x10ffff && (codePoint < 0xd800 || codePoint > 0xdfff);
  return isCharacter ? Buffer.from(String.fromCodePoint(codePoint), "utf8").toString("latin1") : null;
}
