/** What an atom of a regular expression accepts: one character of a set. */
export interface CharacterSet {
  /** Inclusive ranges of UTF-16 code units. */
  readonly ranges: readonly (readonly [number, number])[];
  readonly isNegated: boolean;
}

/** A place in the text that has no width. */
export type Assertion = "start" | "end" | "word-boundary" | "no-word-boundary";

/** A regular expression as read. */
export type RegexNode =
  | { readonly kind: "characters"; readonly set: CharacterSet }
  | { readonly kind: "assertion"; readonly assertion: Assertion }
  | { readonly kind: "sequence"; readonly of: readonly RegexNode[] }
  | { readonly kind: "choice"; readonly of: readonly RegexNode[] }
  | { readonly kind: "repeat"; readonly of: RegexNode; readonly minimum: number; readonly maximum: number };

/** The expression is not understood, or is more than we take; the message says which part. */
export class RegexError extends Error {}

const maximumCount = 100;
const maximumDepth = 50;

/**
 * Reads what POSIX extended expressions and Perl's have in common, which is what operators type and NagVis and Thruk send: literals, `.`, classes
 * with ranges and `[:alpha:]`, `\d \w \s \b`, `^ $`, groups, `|`, `* + ? {m,n}` (lazy forms too: whether something matches does not depend on
 * it), `(?i)` at the start. Throws RegexError for the rest: back-references and look-around cannot be matched in linear time.
 */
export function parseRegex(pattern: string): { readonly node: RegexNode; readonly ignoresCase: boolean } {
  const ignoresCase = pattern.startsWith("(?i)");
  const reader = new Reader(ignoresCase ? pattern.slice(4) : pattern);
  const node = reader.choice(0);
  if (!reader.isAtEnd) throw new RegexError(`")" without "(" at ${reader.at}`);
  return { node, ignoresCase };
}

class Reader {
  readonly #text: string;
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#text.length;
  }

  #peek(): string | undefined {
    return this.#text[this.at];
  }

  #takes(expected: string): boolean {
    if (!this.#text.startsWith(expected, this.at)) return false;
    this.at += expected.length;
    return true;
  }

  choice(depth: number): RegexNode {
    if (depth > maximumDepth) throw new RegexError(`groups are nested deeper than ${maximumDepth}`);
    const of = [this.#sequence(depth)];
    while (this.#takes("|")) of.push(this.#sequence(depth));
    return of.length === 1 && of[0] !== undefined ? of[0] : { kind: "choice", of };
  }

  #sequence(depth: number): RegexNode {
    const of: RegexNode[] = [];
    while (!this.isAtEnd && this.#peek() !== "|" && this.#peek() !== ")") of.push(this.#repeated(depth));
    return { kind: "sequence", of };
  }

  #repeated(depth: number): RegexNode {
    let node = this.#atom(depth);
    while (true) {
      const count = this.#count();
      if (count === undefined) return node;
      // Lazy or possessive: the same texts match.
      if (!this.#takes("?")) this.#takes("+");
      node = { kind: "repeat", of: node, ...count };
    }
  }

  #count(): { readonly minimum: number; readonly maximum: number } | undefined {
    if (this.#takes("*")) return { minimum: 0, maximum: Number.POSITIVE_INFINITY };
    if (this.#takes("+")) return { minimum: 1, maximum: Number.POSITIVE_INFINITY };
    if (this.#takes("?")) return { minimum: 0, maximum: 1 };
    const braces = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(this.#text.slice(this.at, this.at + 12));
    if (braces === null) return undefined;
    this.at += braces[0].length;
    const minimum = Number(braces[1]);
    const maximum = braces[2] === undefined ? minimum : braces[3] === "" ? Number.POSITIVE_INFINITY : Number(braces[3]);
    if (minimum > maximum) throw new RegexError(`${braces[0]} counts backwards`);
    if (minimum > maximumCount || (maximum > maximumCount && Number.isFinite(maximum)))
      throw new RegexError(`${braces[0]} counts further than ${maximumCount}`);
    return { minimum, maximum };
  }

  #atom(depth: number): RegexNode {
    const character = this.#text[this.at++];
    switch (character) {
      case "(":
        return this.#group(depth);
      case "[":
        return { kind: "characters", set: this.#bracket() };
      case ".":
        return { kind: "characters", set: { ranges: [[10, 10]], isNegated: true } };
      case "^":
        return { kind: "assertion", assertion: "start" };
      case "$":
        return { kind: "assertion", assertion: "end" };
      case "\\":
        return this.#escape();
      case "*":
      case "+":
      case "?":
        throw new RegexError(`"${character}" at ${this.at - 1} repeats nothing`);
      default:
        return literal(character ?? "");
    }
  }

  #group(depth: number): RegexNode {
    if (this.#takes("?") && !this.#takes(":")) throw new RegexError('"(?" other than "(?:" is not supported');
    const node = this.choice(depth + 1);
    if (!this.#takes(")")) throw new RegexError('"(" is not closed');
    return node;
  }

  #escape(): RegexNode {
    const character = this.#text[this.at++];
    if (character === undefined) throw new RegexError("ends in a backslash");
    if (character === "b") return { kind: "assertion", assertion: "word-boundary" };
    if (character === "B") return { kind: "assertion", assertion: "no-word-boundary" };
    if (/[1-9]/.test(character)) throw new RegexError(`back-reference \\${character} is not supported`);
    const set = classes[character];
    if (set !== undefined) return { kind: "characters", set };
    return literal(controls[character] ?? character);
  }

  #bracket(): CharacterSet {
    const isNegated = this.#takes("^");
    const ranges: [number, number][] = [];
    let isFirst = true;
    while (isFirst || this.#peek() !== "]") {
      if (this.isAtEnd) throw new RegexError('"[" is not closed');
      isFirst = false;
      const named = /^\[:([a-z]+):\]/.exec(this.#text.slice(this.at, this.at + 12));
      if (named !== null) {
        const known = posixClasses[named[1] ?? ""];
        if (known === undefined) throw new RegexError(`${named[0]} is no class`);
        for (const [low, high] of known) ranges.push([low, high]);
        this.at += named[0].length;
        continue;
      }
      const low = this.#bracketItem();
      if (typeof low !== "number") {
        ranges.push(...low);
        continue;
      }
      const next = this.#text[this.at + 1];
      if (this.#peek() === "-" && next !== undefined && next !== "]") {
        this.at++;
        const high = this.#bracketItem();
        if (typeof high !== "number" || high < low) throw new RegexError("a range in [] goes backwards");
        ranges.push([low, high]);
      } else ranges.push([low, low]);
    }
    this.at++;
    return { ranges, isNegated };
  }

  #bracketItem(): number | [number, number][] {
    const character = this.#text[this.at++] ?? "";
    if (character !== "\\" || this.isAtEnd) return character.charCodeAt(0);
    const escaped = this.#text[this.at++] ?? "";
    const set = classes[escaped];
    if (set !== undefined) return set.isNegated ? complement(set.ranges) : set.ranges.map(([low, high]) => [low, high]);
    return (controls[escaped] ?? escaped).charCodeAt(0);
  }
}

function literal(character: string): RegexNode {
  const code = character.charCodeAt(0);
  return { kind: "characters", set: { ranges: [[code, code]], isNegated: false } };
}

function complement(ranges: CharacterSet["ranges"]): [number, number][] {
  const gaps: [number, number][] = [];
  let next = 0;
  for (const [low, high] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (low > next) gaps.push([next, low - 1]);
    next = Math.max(next, high + 1);
  }
  if (next <= 0xffff) gaps.push([next, 0xffff]);
  return gaps;
}

const digits = [[48, 57]] as const;
const upper = [[65, 90]] as const;
const lower = [[97, 122]] as const;
const letters = [...upper, ...lower] as const;
const spaces = [
  [9, 13],
  [32, 32],
  [160, 160],
] as const;
const word = [...digits, ...letters, [95, 95]] as const;
const punctuation = [
  [33, 47],
  [58, 64],
  [91, 96],
  [123, 126],
] as const;

const classes: Readonly<Record<string, CharacterSet>> = {
  d: { ranges: digits, isNegated: false },
  D: { ranges: digits, isNegated: true },
  w: { ranges: word, isNegated: false },
  W: { ranges: word, isNegated: true },
  s: { ranges: spaces, isNegated: false },
  S: { ranges: spaces, isNegated: true },
};

const controls: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", f: "\f", v: "\v" };

const posixClasses: Readonly<Record<string, readonly (readonly [number, number])[] | undefined>> = {
  alpha: letters,
  digit: digits,
  alnum: [...digits, ...letters],
  upper,
  lower,
  space: spaces,
  blank: [
    [9, 9],
    [32, 32],
  ],
  punct: punctuation,
  xdigit: [...digits, [65, 70], [97, 102]],
  word,
  cntrl: [
    [0, 31],
    [127, 127],
  ],
  print: [[32, 126]],
  graph: [[33, 126]],
};
