/**
 * One pass over a text that tells most lines to hold nothing that the ready-made redactions take out, at a tenth of what looking for each costs. What it
 * lets pass need not hold a secret; what it does not let pass holds none: each check is weaker than the pattern that it stands for (built-in-redactions.ts),
 * also in every piece of the text.
 */

/** Whether a text may hold a secret, a card number or an address, as far as these are looked for. Pure. */
export type SecretHint = (text: string) => boolean;

/** What a needle found at `at` needs around it to be worth a closer look. */
type Check = (text: string, at: number, length: number) => boolean;

interface Needle {
  readonly needle: string;
  readonly pairAt: number;
  readonly check: Check;
}

/** `passphrase` and forty more; with a bound, a line made of nothing but needles takes no quadratic time. */
const mostNameCharacters = 48;
const mostSpaces = 4;

const always: Check = () => true;

/** Names of secrets count only before `=` or `:`, behind which the value stands. */
const isNamed: Check = (text, at, length) => {
  let next = at + length;
  const end = next + mostNameCharacters;
  while (next < end && isNameCharacter(text.charCodeAt(next))) next++;
  if (text.charCodeAt(next) === backslash) next++;
  const quote = text.charCodeAt(next);
  if (quote === 0x22 || quote === 0x27) next++;
  for (let spaces = 0; spaces < mostSpaces && isSpace(text.charCodeAt(next)); spaces++) next++;
  const mark = text.charCodeAt(next);
  return mark === equals || mark === colon;
};

/** A URL counts only with `user:password@`. */
const hasPassword: Check = (text, at, length) => {
  let hasColon = false;
  for (let next = at + length; next < text.length; next++) {
    const code = text.charCodeAt(next);
    if (code === atSign) return hasColon;
    if (code === slash || isSpace(code)) return false;
    if (code === colon) hasColon = true;
  }
  return false;
};

const colon = 0x3a;
const equals = 0x3d;
const slash = 0x2f;
const atSign = 0x40;
const backslash = 0x5c;

/** In small letters, at least three of them; and where in it the two are that are rarest in logs. */
const secretNeedles: readonly Needle[] = [
  { needle: "pass", pairAt: 2, check: isNamed },
  { needle: "pwd", pairAt: 1, check: isNamed },
  { needle: "secret", pairAt: 2, check: isNamed },
  { needle: "token", pairAt: 1, check: isNamed },
  { needle: "credential", pairAt: 0, check: isNamed },
  { needle: "cookie", pairAt: 2, check: isNamed },
  { needle: "authorization", pairAt: 6, check: isNamed },
  ...withMark("api", "key"),
  ...withMark("access", "key"),
  ...withMark("private", "key"),
  ...withMark("auth", "key"),
  ...withMark("session", "id"),
  { needle: "private key-----", pairAt: 10, check: always },
  { needle: "basic ", pairAt: 0, check: always },
  { needle: "bearer ", pairAt: 0, check: always },
  { needle: "negotiate ", pairAt: 1, check: always },
  { needle: "://", pairAt: 0, check: hasPassword },
  { needle: "eyj", pairAt: 1, check: always },
  { needle: "akia", pairAt: 2, check: always },
  { needle: "asia", pairAt: 2, check: always },
  ...["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].map((needle) => ({ needle, pairAt: 2, check: always })),
  { needle: "github_pat_", pairAt: 5, check: always },
  { needle: "glpat-", pairAt: 1, check: always },
  { needle: "xox", pairAt: 0, check: always },
  { needle: "sk_live_", pairAt: 0, check: always },
  { needle: "sk-", pairAt: 0, check: always },
];

function withMark(first: string, second: string): Needle[] {
  return ["", "_", "-"].map((mark) => ({ needle: first + mark + second, pairAt: first.length - 1, check: isNamed }));
}

/** Makes the hint for some of the ready-made redactions. */
export function createSecretHint(looksFor: {
  readonly secrets: boolean;
  readonly cardNumbers: boolean;
  readonly addresses: boolean;
}): SecretHint {
  const { secrets, cardNumbers, addresses } = looksFor;
  const { slots, table } = tabulate(secrets ? secretNeedles : []);
  return (text) => {
    if (cardNumbers && hasManyDigits(text)) return true;
    if (addresses && text.includes("@")) return true;
    if (!secrets) return false;
    let before = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      // Letters beyond ASCII may be the same as one of it where case does not count: such texts are always looked at.
      if (code > 0x7f) return true;
      const small = code | 0x20;
      const slot = table[(before << 7) | small] ?? 0;
      if (slot !== 0 && isFound(text, at - 1, slots[slot] ?? [])) return true;
      before = small;
    }
    return false;
  };
}

/** For each pair of letters (made small, each in 7 bits) a slot, 0 for none, and for each slot what begins with it. */
function tabulate(needles: readonly Needle[]) {
  const table = new Uint8Array(1 << 14);
  const slots: Needle[][] = [[]];
  for (const each of needles) {
    const { needle, pairAt } = each;
    const key = ((needle.charCodeAt(pairAt) | 0x20) << 7) | needle.charCodeAt(pairAt + 1) | 0x20;
    const slot = table[key] || slots.length;
    table[key] = slot;
    slots[slot] ??= [];
    slots[slot].push(each);
  }
  return { slots, table };
}

function isFound(text: string, pairAt: number, needles: readonly Needle[]): boolean {
  for (const { needle, pairAt: within, check } of needles) {
    const at = pairAt - within;
    if (at >= 0 && isAt(text, at, needle) && check(text, at, needle.length)) return true;
  }
  return false;
}

function isAt(text: string, at: number, needle: string): boolean {
  for (let index = 0; index < needle.length; index++) {
    const code = text.charCodeAt(at + index);
    const isUpper = code >= 0x41 && code <= 0x5a;
    if ((isUpper ? code | 0x20 : code) !== needle.charCodeAt(index)) return false;
  }
  return true;
}

const leastCardDigits = 13;

/** Whether so many digits stand behind one another, at most one space or dash between two. It looks at every thirteenth character where there are few. */
function hasManyDigits(text: string): boolean {
  for (let at = leastCardDigits - 1; at < text.length; ) {
    if (!isCardCharacter(text.charCodeAt(at))) {
      at += leastCardDigits;
      continue;
    }
    let start = at;
    while (start > 0 && isCardCharacter(text.charCodeAt(start - 1))) start--;
    let digits = 0;
    let end = start;
    for (; isCardCharacter(text.charCodeAt(end)); end++) {
      const isDigit = text.charCodeAt(end) >= 0x30;
      if (isDigit) {
        digits++;
        if (digits >= leastCardDigits) return true;
      } else if (end > start && text.charCodeAt(end - 1) < 0x30) digits = 0;
    }
    at = end + leastCardDigits;
  }
  return false;
}

/** Digits, space, dash. */
function isCardCharacter(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x20 || code === 0x2d;
}

function isNameCharacter(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2d ||
    code === 0x2e
  );
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
