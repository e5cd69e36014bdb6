import { NameError, readEscape } from "../name/index.ts";
import { RecordDataError } from "./record-data-error.ts";

/** The octets that a word stands for: `\"` and `\DDD` become one each. Throws RecordDataError. */
export function unescapeText(text: string): string {
  if (!text.includes("\\")) return text;
  let octets = "";
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] !== "\\") {
      octets += text[at];
      continue;
    }
    try {
      const { octet, length } = readEscape(text, at);
      octets += octet;
      at += length - 1;
    } catch (error) {
      if (error instanceof NameError) throw new RecordDataError(error.message);
      throw error;
    }
  }
  return octets;
}

/** Octets as a quoted <character-string> (RFC 1035 §5.1), printable ASCII as it is. */
export function quoteText(octets: Uint8Array): string {
  let text = '"';
  for (const octet of octets) {
    if (octet === 0x22 || octet === 0x5c) text += `\\${String.fromCharCode(octet)}`;
    else if (octet < 0x20 || octet > 0x7e) text += `\\${String(octet).padStart(3, "0")}`;
    else text += String.fromCharCode(octet);
  }
  return `${text}"`;
}
