// Addresses as words of the index. `10.0.3.17` is four words, each of them in a great part of all records where this is the network, and together they are hardly found.
// So four short numbers one after another, whatever stands between them, are one word more.
import { tokensOf } from "@mycloud/protocol/log-query";
import { fieldMark } from "./field-token.ts";

const numbersOfAddress = 4;
const mostDigits = 3;
const fieldMarkCode = fieldMark.charCodeAt(0);

/** A message's addresses as words of the index, each with a space behind it; nothing when there is none. Pure. */
export function addressWords(message: string): string {
  return (
    wordsOfPlain(message) ??
    addressTokensOf(tokensOf(message))
      .map((token) => `${token} `)
      .join("")
  );
}

/**
 * Of words one after another, as `tokensOf` gives them: what the index has for each four that are an address. Different addresses may have the same one. Pure.
 */
export function addressTokensOf(tokens: readonly string[]): string[] {
  return tokens.flatMap((_, from) => {
    const four = tokens.slice(from, from + numbersOfAddress);
    return four.length === numbersOfAddress && four.every(isShortNumber) ? [tokenOf(four)] : [];
  });
}

/** Whether one of these words is a part of an address, and so need not be asked for. Pure. */
export function coveredByAddresses(tokens: readonly string[], place: number): boolean {
  if (!isShortNumber(tokens[place])) return false;
  let [from, to] = [place, place + 1];
  while (isShortNumber(tokens[from - 1])) from -= 1;
  while (isShortNumber(tokens[to])) to += 1;
  return to - from >= numbersOfAddress;
}

function tokenOf(four: readonly string[]): string {
  const [first = 0, second = 0, third = 0, fourth = 0] = four.map(Number);
  return hashed(first, second, third, fourth);
}

/** Whether a word can be a part of an address. */
function isShortNumber(token: string | undefined): boolean {
  return token !== undefined && /^[0-9]{1,3}$/.test(token);
}

/** As `addressTokensOf`, without making the words; null when the text is not plain ASCII, of which words are found otherwise. */
function wordsOfPlain(message: string): string | null {
  let words = "";
  let [first, second, third] = [notThere, notThere, notThere];
  let number = notThere;
  let digits = 0;
  for (let at = 0; at <= message.length; at += 1) {
    const code = at < message.length ? message.charCodeAt(at) : 0;
    if (code >= 48 && code <= 57) {
      digits += 1;
      if (digits <= mostDigits && number !== noNumber) number = (number === notThere ? 0 : number * 10) + code - 48;
      else number = noNumber;
    } else if (isLetter(code)) number = noNumber;
    else if (code > 127 || code === fieldMarkCode) return null;
    else if (number !== notThere) {
      const isAddress = first >= 0 && second >= 0 && third >= 0 && number >= 0;
      if (isAddress) words += `${hashed(first, second, third, number)} `;
      [first, second, third] = [second, third, number];
      number = notThere;
      digits = 0;
    }
  }
  return words;
}

const notThere = -1;
/** A word that is no short number. */
const noNumber = -2;

function isLetter(code: number): boolean {
  const lower = code | 32;
  return (lower >= 97 && lower <= 122) || code === 95;
}

/** 12 bits: so few words that each has many records of a transaction, and so many that few records are looked at in vain. */
function hashed(first: number, second: number, third: number, fourth: number): string {
  let hash = Math.imul(first * 1000 + second, 2_654_435_761) ^ Math.imul(third * 1000 + fourth, 1_597_334_677);
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_507);
  hash ^= hash >>> 13;
  return fieldMark + (hash & 0xfff).toString(32);
}
