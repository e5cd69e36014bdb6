import type { ByteString } from "../byte-string/index.ts";
import { utf8Length } from "./utf8.ts";

const plainText = /^[ !#-%'-;=?-[\]-\x7f]*$/;
const asciiOnly = /^[\x00-\x7f]*$/;
const special = /["\\<>&\x00-\x1f]/g;
const letters = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  // Go 1.22 and later; Go before wrote \u0008 and \u000c.
  ["\b", "\\b"],
  ["\f", "\\f"],
]);

/**
 * A string as Go's encoding/json writes it, with its quotes: <, > and & escaped for HTML's sake, U+2028 and U+2029 as well, bytes that
 * are no UTF-8 as \ufffd. Bytes to bytes.
 */
export function jsonString(text: ByteString): string {
  if (plainText.test(text)) return `"${text}"`;
  const escaped = text.replace(special, (byte) => letters.get(byte) ?? escapeUnit(byte.charCodeAt(0)));
  return asciiOnly.test(escaped) ? `"${escaped}"` : `"${escapeBeyondAscii(escaped as ByteString)}"`;
}

function escapeBeyondAscii(text: ByteString): string {
  let escaped = "";
  for (let at = 0; at < text.length; ) {
    const length = utf8Length(text, at);
    const bytes = text.slice(at, at + Math.max(length, 1));
    at += bytes.length;
    if (length === 0) escaped += "\\ufffd";
    else if (bytes === "\xe2\x80\xa8") escaped += "\\u2028";
    else if (bytes === "\xe2\x80\xa9") escaped += "\\u2029";
    else escaped += bytes;
  }
  return escaped;
}

/** A JSON value as Go's encoder writes a raw message within a document: no spaces, keys as they come, the same escapes. Bytes. */
export function jsonValue(value: unknown): string {
  const bytes = Buffer.from(JSON.stringify(value) ?? "null", "utf8").toString("latin1");
  return bytes
    .replace(/[<>&]/g, (byte) => escapeUnit(byte.charCodeAt(0)))
    .replaceAll("\xe2\x80\xa8", "\\u2028")
    .replaceAll("\xe2\x80\xa9", "\\u2029");
}

function escapeUnit(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}
