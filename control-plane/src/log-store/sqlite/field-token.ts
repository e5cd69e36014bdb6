import { tokensOf } from "@mycloud/protocol/log-query";
import type { LogFields, LogFieldValue } from "@mycloud/protocol/log-record";

/**
 * Marks what is no word of a text: a control character that the tokenizer is told is a letter. It is one byte, so that text stays text of one byte a
 * character, and a message that has it is not handed to the tokenizer as it is.
 */
export const fieldMark = "\x01";

/**
 * A field with its value as one word of the index, so that any value, and however many have it, is found as quickly as a word. Case does not matter,
 * as everywhere. 53 bits: what collides is one in 10^15, which counts accept and searches look at again. Pure.
 */
export function fieldToken(name: string, value: LogFieldValue): string {
  return hashedWord(name, typeof value === "string" ? value.toLowerCase() : String(value));
}

/** All fields as words of the index. Pure. */
export function fieldTokens(fields: LogFields): string {
  let text = "";
  for (const name in fields) {
    const value = fields[name];
    if (value !== undefined) text += `${fieldToken(name, value)} `;
  }
  return text;
}

/** A message as the index reads it. What is plain ASCII it splits as `tokensOf` does; everything else is split here, by newer rules than it has. Pure. */
export function indexedText(message: string): string {
  return isPlain(message) ? message : tokensOf(message).join(" ");
}

/** Whether a text, or many of them one behind the other, is indexed as it is. Pure. */
export function isPlain(text: string): boolean {
  return /^[\x00\x02-\x7f]*$/.test(text);
}

const digits = Uint8Array.from("0123456789abcdefghijklmnopqrstuv", (digit) => digit.charCodeAt(0));

/** cyrb53 by bryc (public domain) of both with a zero between them, in base 32. Fast, and even; not for secrets. */
function hashedWord(name: string, value: string): string {
  let h1 = 0xdeadbeef;
  let h2 = 0x41c6ce57;
  for (let index = 0; index < name.length; index += 1) {
    const code = name.charCodeAt(index);
    h1 = Math.imul(h1 ^ code, 2_654_435_761);
    h2 = Math.imul(h2 ^ code, 1_597_334_677);
  }
  h1 = Math.imul(h1, 2_654_435_761);
  h2 = Math.imul(h2, 1_597_334_677);
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index);
    h1 = Math.imul(h1 ^ code, 2_654_435_761);
    h2 = Math.imul(h2 ^ code, 1_597_334_677);
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2_246_822_507) ^ Math.imul(h2 ^ (h2 >>> 13), 3_266_489_909);
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2_246_822_507) ^ Math.imul(h1 ^ (h1 >>> 13), 3_266_489_909);
  return String.fromCharCode(
    1,
    digit(h1),
    digit(h1 >>> 5),
    digit(h1 >>> 10),
    digit(h1 >>> 15),
    digit(h1 >>> 20),
    digit((h1 >>> 25) | (h2 << 7)),
    digit(h2),
    digit(h2 >>> 5),
    digit(h2 >>> 10),
    digit(h2 >>> 15),
    digit(h2 >>> 20),
  );
}

function digit(bits: number): number {
  return digits[bits & 31] ?? 0;
}
