import { tokensOf } from "@mycloud/protocol/log-query";
import type { LogFields, LogFieldValue } from "@mycloud/protocol/log-record";

/** Marks what is no word of a text: a private character that the tokenizer takes for a letter. */
export const fieldMark = "\ue000";

/**
 * A field with its value as one word of the index, so that any value, and however many have it, is found as quickly as a word. Case does not matter,
 * as everywhere. 53 bits: what collides is one in 10^15, which counts accept and searches look at again. Pure.
 */
export function fieldToken(name: string, value: LogFieldValue): string {
  return fieldMark + hash53(`${name}\0${String(value).toLowerCase()}`).toString(36);
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
  return /^[\x00-\x7f]*$/.test(message) ? message : tokensOf(message).map(indexedToken).join(" ");
}

/**
 * A word as the index has it. Its tokenizer folds letters by rules of its own (Unicode 6.1), so that those on which we agree for sure stay as they are,
 * and all others become their number: in four digits, so that the beginning of a word stays the beginning of one. Pure.
 */
export function indexedToken(token: string): string {
  return token.replace(
    /[^\x00-\x7f\u00df-\u00f6\u00f8-\u00ff\u03b1-\u03c1\u03c3-\u03c9\u0430-\u045f]/gu,
    (letter) => fieldMark + (letter.codePointAt(0) ?? 0).toString(36).padStart(4, "0"),
  );
}

/** cyrb53 by bryc (public domain). Fast, and even; not for secrets. */
function hash53(text: string): number {
  let h1 = 0xdeadbeef;
  let h2 = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    h1 = Math.imul(h1 ^ code, 2_654_435_761);
    h2 = Math.imul(h2 ^ code, 1_597_334_677);
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2_246_822_507) ^ Math.imul(h2 ^ (h2 >>> 13), 3_266_489_909);
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2_246_822_507) ^ Math.imul(h1 ^ (h1 >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & h2) + (h1 >>> 0);
}
