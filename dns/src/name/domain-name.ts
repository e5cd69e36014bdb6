import { domainToASCII } from "node:url";

declare const domainNameBrand: unique symbol;
/**
 * A domain name in wire form (RFC 1035 §3.1) as a string of octets (charCode 0 to 255): length, label, length, label, ..., 0. Strings, because they
 * hash, compare and cut quickly, and nothing in them can be mistaken: a label may hold a dot. Case is as it was written; `lowerName` makes keys.
 */
export type DomainName = string & { readonly [domainNameBrand]: true };

/** A text that is no domain name; the message says what is wrong with it. */
export class NameError extends Error {
  override readonly name = "NameError";
}

export const rootName = "\0" as DomainName;
/** Octets of the longest name, its root label counted (RFC 1035 §2.3.4). */
export const maximumNameOctets = 255;
const maximumLabelOctets = 63;

const dot = 0x2e;
const backslash = 0x5c;

/**
 * Reads a name in presentation form (RFC 1035 §5.1): `\.` and `\DDD` are octets of a label. A name without a dot at its end is below `origin`;
 * without an origin it is complete as it is. Throws NameError.
 */
export function parseName(text: string, origin: DomainName = rootName): DomainName {
  if (text === ".") return rootName;
  if (text === "") throw new NameError("the name is empty");
  let wire = "";
  let label = "";
  let isAbsolute = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === dot) {
      wire += asLabel(label, text);
      label = "";
      isAbsolute = at === text.length - 1;
      continue;
    }
    if (code === backslash) {
      const { octet, length } = readEscape(text, at);
      label += octet;
      at += length - 1;
      continue;
    }
    if (code > 0x7e || code <= 0x20) throw new NameError(describeForeign(text, code));
    label += text[at];
  }
  if (!isAbsolute) wire += asLabel(label, text);
  const name = wire + (isAbsolute ? rootName : origin);
  if (name.length > maximumNameOctets) {
    throw new NameError(`${quote(text)} is ${name.length} octets long as a name; ${maximumNameOctets} are allowed`);
  }
  return name as DomainName;
}

/** The octet of an escape at `at`, and how many characters it takes: `\046` four, `\.` two. Throws NameError. */
export function readEscape(text: string, at: number): { readonly octet: string; readonly length: number } {
  const next = text.charCodeAt(at + 1);
  if (Number.isNaN(next)) throw new NameError(`${quote(text)} ends in a backslash`);
  if (next < 0x30 || next > 0x39) return { octet: text[at + 1] ?? "", length: 2 };
  const digits = text.slice(at + 1, at + 4);
  const value = Number(digits);
  if (!/^\d{3}$/.test(digits) || value > 255) {
    throw new NameError(`${quote(text)} has the escape \\${digits}; expected \\ and three digits up to 255`);
  }
  return { octet: String.fromCharCode(value), length: 4 };
}

function asLabel(label: string, text: string): string {
  if (label === "")
    throw new NameError(`${quote(text)} has an empty label: two dots in a row, or one at the beginning`);
  if (label.length > maximumLabelOctets) {
    throw new NameError(
      `${quote(text)} has a label of ${label.length} octets, ${quote(label)}; ${maximumLabelOctets} are allowed`,
    );
  }
  return String.fromCharCode(label.length) + label;
}

function describeForeign(text: string, code: number): string {
  if (code <= 0x20)
    return `${quote(text)} has white space or a control character in it; write it as \\DDD if it is meant`;
  // A zone file is read as octets: those of UTF-8 are shown and converted as the letters they stand for.
  const decoded = Buffer.from(text, "latin1").toString("utf8");
  const letters = decoded.includes("\ufffd") ? text : decoded;
  const ascii = domainToASCII(letters.replace(/\.$/, ""));
  const hint = ascii === "" || ascii.includes("%") ? "write it in its ASCII form (xn--...)" : `write it as ${ascii}`;
  return `${quote(letters)} has letters beyond ASCII; ${hint}`;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
}

/** A name in presentation form, with the dot at its end. What would mean something else in a zone file is escaped. */
export function formatName(name: DomainName): string {
  if (name === rootName) return ".";
  let text = "";
  // What is cut off, or empty, has no end: nothing may go round in it for ever.
  for (let at = 0; at < name.length && name.charCodeAt(at) !== 0; at += 1 + name.charCodeAt(at)) {
    const length = name.charCodeAt(at);
    for (let inner = at + 1; inner <= at + length; inner += 1) text += presentOctet(name.charCodeAt(inner));
    text += ".";
  }
  return text;
}

/** As formatName, cut to what is above `origin`: `www`, `@` for the origin itself, the whole name where it is not below. */
export function formatRelativeName(name: DomainName, origin: DomainName): string {
  if (lowerName(name) === lowerName(origin)) return "@";
  if (origin === rootName || !isAtOrBelow(name, origin)) return formatName(name);
  return formatName((name.slice(0, name.length - origin.length) + rootName) as DomainName).slice(0, -1);
}

const meaningful = new Set([...'".;\\()@$'].map((character) => character.charCodeAt(0)));

function presentOctet(octet: number): string {
  if (octet <= 0x20 || octet >= 0x7f) return `\\${String(octet).padStart(3, "0")}`;
  return meaningful.has(octet) ? `\\${String.fromCharCode(octet)}` : String.fromCharCode(octet);
}

const hasUpper = /[A-Z]/;

/** A name as it is compared: ASCII letters in lower case, all other octets as they are (RFC 4343). */
export function lowerName(name: DomainName): DomainName {
  // A length is at most 63, which is below every letter's code: only letters of labels change. toLowerCase would change octets above 0x7f.
  return (hasUpper.test(name) ? name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : name) as DomainName;
}

/** The name one label further up; the root is its own parent. */
export function parentOf(name: DomainName): DomainName {
  return name === rootName ? rootName : (name.slice(1 + name.charCodeAt(0)) as DomainName);
}

/** How many labels a name has, the root's not counted. */
export function countLabels(name: DomainName): number {
  let count = 0;
  for (let at = 0; name.charCodeAt(at) !== 0; at += 1 + name.charCodeAt(at)) count += 1;
  return count;
}

/** The labels from the left, as octets, without the root's. */
export function labelsOf(name: DomainName): string[] {
  const labels: string[] = [];
  for (let at = 0; name.charCodeAt(at) !== 0; at += 1 + name.charCodeAt(at)) {
    labels.push(name.slice(at + 1, at + 1 + name.charCodeAt(at)));
  }
  return labels;
}

/** Whether a name is `ancestor` or below it, in any case of letters. */
export function isAtOrBelow(name: DomainName, ancestor: DomainName): boolean {
  const excess = name.length - ancestor.length;
  if (excess < 0) return false;
  let at = 0;
  while (at < excess) at += 1 + name.charCodeAt(at);
  // The ends may be alike without a border of labels between: notexample.org is not below example.org.
  return at === excess && lowerName(name.slice(excess) as DomainName) === lowerName(ancestor);
}

export const wildcardLabel = "\u0001*";

/** Whether the leftmost label is a single asterisk (RFC 4592 §2.1.1). */
export function isWildcard(name: DomainName): boolean {
  return name.startsWith(wildcardLabel);
}

/** `*.` in front of a name; undefined where that is too long to be one. */
export function wildcardBelow(name: DomainName): DomainName | undefined {
  return name.length + 2 > maximumNameOctets ? undefined : ((wildcardLabel + name) as DomainName);
}

/** A key whose order as a string is the canonical order of names (RFC 4034 §6.1): labels from the right, in lower case, octet by octet. */
export function canonicalKey(name: DomainName): string {
  let key = "";
  for (const label of labelsOf(lowerName(name))) {
    // Each octet one higher, so that the border between labels is lower than any of them.
    let shifted = "";
    for (let at = 0; at < label.length; at += 1) shifted += String.fromCharCode(label.charCodeAt(at) + 1);
    key = `${shifted}\0${key}`;
  }
  return key;
}

/** The name of a canonical key, in lower case. */
export function nameOfCanonicalKey(key: string): DomainName {
  let name = rootName as string;
  for (let from = 0; from < key.length; ) {
    const end = key.indexOf("\0", from);
    let label = String.fromCharCode(end - from);
    for (let at = from; at < end; at += 1) label += String.fromCharCode(key.charCodeAt(at) - 1);
    name = label + name;
    from = end + 1;
  }
  return name as DomainName;
}

/** Canonical order (RFC 4034 §6.1), for sorting. */
export function compareNames(a: DomainName, b: DomainName): number {
  const [left, right] = [canonicalKey(a), canonicalKey(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
