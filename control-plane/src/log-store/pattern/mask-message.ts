// A message's shape: what varies from one to the next is replaced by a mark of its kind, so that messages of the same origin become the same text. It is done for
// every record on writing, so it is one pass over the characters without regular expressions where they can be done without.

/** Characters that are looked at; what is behind them is `<*>`. */
const maximumCharacters = 400;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const number = /^[+-]?\d+(?:[.,]\d+)*(%|[a-zA-Z]{1,3})?$/;
const ip4 = /^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(\/\d{1,2}|:\d{1,5})?$/;
const hex = /^(?:0x[0-9a-f]+|[0-9a-f]{6,})$/i;
const mac = /^[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}$/i;
const ip6 = /^(?=.*:.*:)[0-9a-f:.]+(?:%\w+)?(?:\/\d+)?$/i;
const instant = /^\d{4}-\d{2}-\d{2}(?:T.*)?$/;
const clock = /^\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$/;
const url = /^[a-z][a-z0-9+.-]*:\/\//i;
const digits = /\d+/g;

export interface MaskedMessage {
  /** Two numbers of 32 bits that are the same for the same shape, and for others are not: one pair in 10^19 is. */
  readonly hash: number;
  readonly otherHash: number;
  /** What of the message may have words of letters alone and is not in the template: paths and other names, with spaces between. */
  readonly hidden: string;
  /** Whether there is more of the message than was looked at. */
  readonly isCut: boolean;
  /** `<num>`, `<ip>`, `<hex>`, `<uuid>`, `<path>`, `<url>`, `<time>`, `<mac>`, `<id>` for what varies. Made when asked for: nearly all shapes are known. */
  template(): string;
}

/** The shape of a message. The same text always has the same shape. Pure. */
export function maskMessage(message: string): string {
  return splitMessage(message).template();
}

/** A message as its shape and what the shape leaves out. Pure. */
export function splitMessage(message: string): MaskedMessage {
  const end = Math.min(message.length, maximumCharacters);
  const hashes: Hashes = { hash: firstHash, otherHash: firstOtherHash };
  let hidden = "";
  let at = 0;
  while (at < end) {
    const from = at;
    let [found, dots] = [0, 0];
    let { hash, otherHash } = hashes;
    // Hashed as it stands, which most runs do: they are words.
    while (at < end) {
      const code = message.charCodeAt(at);
      const kind = kindOf(code);
      if (kind === 0 && (at > from || code === lineFeed)) break;
      hash = addCode(hash, code);
      otherHash = addCodeToOther(otherHash, code, hash);
      at += 1;
      if (kind === 0) break;
      if (kind === dot) dots += 1;
      found |= kind;
    }
    if (at === from) break;
    if ((found & (digit | slash)) === 0) {
      hashes.hash = hash;
      hashes.otherHash = otherHash;
      continue;
    }
    const to = endOfRun(message, from, at);
    const mask = quickMask(found, to === at ? dots : 0) ?? maskRun(message.slice(from, to), found);
    if (isHiding(mask)) hidden += `${message.slice(from, to)} `;
    addText(hashes, mask, 0, mask.length);
    addText(hashes, message, to, at);
  }
  const isCut = at < message.length;
  if (isCut) addText(hashes, cutMark, 0, cutMark.length);
  const { hash, otherHash } = hashes;
  return { hash, otherHash, hidden, isCut, template: () => templateOf(message) };
}

/** With the same runs as `splitMessage`, which does without the text. */
function templateOf(message: string): string {
  const end = Math.min(message.length, maximumCharacters);
  let masked = "";
  let at = 0;
  while (at < end && message.charCodeAt(at) !== lineFeed) {
    const from = at;
    let [found, dots] = [0, 0];
    for (; at < end; at += 1) {
      const kind = kindOf(message.charCodeAt(at));
      if (kind === 0) break;
      if (kind === dot) dots += 1;
      found |= kind;
    }
    if ((found & (digit | slash)) === 0) {
      if (at === from) at += 1;
      masked += message.slice(from, at);
      continue;
    }
    const to = endOfRun(message, from, at);
    masked += quickMask(found, to === at ? dots : 0) ?? maskRun(message.slice(from, to), found);
    masked += message.slice(to, at);
  }
  return at < message.length ? masked + cutMark : masked;
}

/** A full stop or a colon at the end is the sentence's. */
function endOfRun(message: string, from: number, to: number): number {
  let end = to;
  while (end > from && isTrailing(message.charCodeAt(end - 1))) end -= 1;
  return end;
}

/** The hash of messages with a template. Pure. */
export function hashTemplate(template: string): Pick<MaskedMessage, "hash" | "otherHash"> {
  const hashes: Hashes = { hash: firstHash, otherHash: firstOtherHash };
  addText(hashes, template, 0, template.length);
  return hashes;
}

const cutMark = " <*>";

// cyrb53's two halves, without its end: they are only compared.
const firstHash = 0x5eadbeef;
const firstOtherHash = 0x41c6ce57;

interface Hashes {
  hash: number;
  otherHash: number;
}

function addText(hashes: Hashes, text: string, from: number, to: number): void {
  let { hash, otherHash } = hashes;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    hash = addCode(hash, code);
    otherHash = addCodeToOther(otherHash, code, hash);
  }
  hashes.hash = hash;
  hashes.otherHash = otherHash;
}

function addCode(hash: number, code: number): number {
  return Math.imul(hash ^ code, 2_654_435_761);
}

function addCodeToOther(otherHash: number, code: number, hash: number): number {
  return Math.imul(otherHash ^ code, 1_597_334_677) ^ (hash >>> 13);
}

const slashCode = 47;
const lineFeed = 10;

// Kinds of characters that belong together: letters, digits, and what stands within numbers, names, paths, addresses.
const digit = 1;
const dot = 2;
const slash = 4;
const other = 8;
const colon = 16;
const hexLetter = 32;
const letter = 64;

function kindOf(code: number): number {
  return code > 127 ? other : (kinds[code] ?? 0);
}

const kinds = new Uint8Array(128);
for (const [characters, kind] of [
  ["_-@%+~", other],
  ["ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ", letter],
  ["abcdefABCDEF", hexLetter],
  ["0123456789", digit],
  [".", dot],
  ["/", slash],
  [":", colon],
] as const) {
  for (const character of characters) kinds[character.charCodeAt(0)] = kind;
}

function isTrailing(code: number): boolean {
  // . : - /
  return code === 46 || code === 58 || code === 45;
}

/** For what needs no closer look: plain numbers, and the addresses of IPv4. */
function quickMask(found: number, dots: number): string | null {
  if (found === digit) return "<num>";
  return found === (digit | dot) && dots === 3 ? "<ip>" : null;
}

/** Whether a mask is instead of words of letters alone: numbers and what follows them have none, and in other masks they stay. */
function isHiding(mask: string): boolean {
  switch (mask) {
    case "<path>":
    case "<url>":
    case "<id>":
    case "<uuid>":
    case "<time>":
    case "<mac>":
    case "<ip>":
      return true;
    default:
      return false;
  }
}

/** For letters and digits, with nothing between them: with `maskRun`'s outcome. */
function maskWord(run: string, found: number): string {
  let plain = 0;
  while (plain < run.length && isDigit(run.charCodeAt(plain))) plain += 1;
  // A number and its unit.
  if (plain > 0 && run.length - plain <= 3) return `<num>${run.slice(plain)}`;
  if ((found & letter) === 0 ? run.length >= 6 : hex.test(run)) return "<hex>";
  return maskDigits(run);
}

function maskRun(run: string, found: number): string {
  if ((found & ~(digit | hexLetter | letter)) === 0) return maskWord(run, found);
  if (run.charCodeAt(0) === slashCode) return run.length > 1 ? "<path>" : run;
  // Names of products and the like, `HTTP/1.1`.
  if ((found & slash) !== 0 && (found & colon) === 0 && !isDigit(run.charCodeAt(0))) return maskPath(run);
  if (ip4.test(run)) return run.includes(":") ? "<ip>:<num>" : "<ip>";
  const simple = number.exec(run);
  if (simple !== null) return `<num>${simple[1] ?? ""}`;
  if (run.length === 36 && uuid.test(run)) return "<uuid>";
  if (clock.test(run) || instant.test(run)) return "<time>";
  if (mac.test(run)) return "<mac>";
  if (hex.test(run)) return /\d/.test(run) ? "<hex>" : run;
  if (ip6.test(run)) return "<ip>";
  if (url.test(run)) return "<url>";
  return maskPath(run);
}

function maskPath(run: string): string {
  if (run.includes("/") && !/^[A-Za-z]+\/[\d.]+$/.test(run)) return /^[A-Za-z]+\/[A-Za-z]+$/.test(run) ? run : "<path>";
  return maskDigits(run);
}

/** Names with numbers keep their letters; what is a jumble of both is somebody's identifier. */
function maskDigits(run: string): string {
  if (run.length >= 16 && !/[.@]/.test(run) && (run.match(digits)?.length ?? 0) >= 4) return "<id>";
  let masked = "";
  let copiedTo = 0;
  for (let at = 0; at < run.length; at += 1) {
    if (!isDigit(run.charCodeAt(at))) continue;
    masked += `${run.slice(copiedTo, at)}<num>`;
    while (at < run.length && isDigit(run.charCodeAt(at))) at += 1;
    copiedTo = at;
  }
  return masked + run.slice(copiedTo);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
