/** Matches one component of a path, a byte string without "/". */
export type ComponentMatcher = (name: string) => boolean;

/** A piece of a component: bytes as they are, any one character, or one character of (or not of) some ranges of code points. */
type Token =
  | { readonly kind: "literal"; readonly bytes: string }
  | { readonly kind: "any" }
  | { readonly kind: "class"; readonly isNegated: boolean; readonly ranges: readonly (readonly [number, number])[] };

const special = /[\\[\]*?]/;

/**
 * A matcher with the meaning of Go's `filepath.Match`: `*`, `?`, `[a-z]`, `[^a-z]`, and `\` before a character that is meant as such.
 * `?` and classes take a character of UTF-8, or one byte where the bytes are none. Null when the pattern is malformed.
 */
export function compileComponent(pattern: string): ComponentMatcher | null {
  if (!special.test(pattern)) return (name) => name === pattern;
  const chunks = parseChunks(pattern);
  return chunks === null ? null : (simpleMatcher(chunks) ?? ((name) => matchChunks(chunks, name)));
}

/** The pattern cut at its stars: "a*b" is two chunks, "*" is two empty ones. */
function parseChunks(pattern: string): readonly (readonly Token[])[] | null {
  const chunks: Token[][] = [];
  let chunk: Token[] = [];
  let position = 0;
  while (position < pattern.length) {
    const character = pattern.charAt(position);
    if (character === "*") {
      chunks.push(chunk);
      chunk = [];
      position++;
    } else if (character === "?") {
      chunk.push({ kind: "any" });
      position++;
    } else if (character === "[") {
      const parsed = parseClass(pattern, position + 1);
      if (parsed === null) return null;
      chunk.push(parsed.token);
      position = parsed.end;
    } else {
      const start = character === "\\" ? position + 1 : position;
      if (start === pattern.length) return null;
      appendLiteral(chunk, pattern.charAt(start));
      position = start + 1;
    }
  }
  chunks.push(chunk);
  return chunks;
}

function appendLiteral(chunk: Token[], byte: string): void {
  const last = chunk.at(-1);
  if (last?.kind === "literal") chunk[chunk.length - 1] = { kind: "literal", bytes: last.bytes + byte };
  else chunk.push({ kind: "literal", bytes: byte });
}

/** Reads a class from behind its "["; `end` is behind its "]". */
function parseClass(pattern: string, start: number): { readonly token: Token; readonly end: number } | null {
  const isNegated = pattern.charAt(start) === "^";
  let position = isNegated ? start + 1 : start;
  const ranges: [number, number][] = [];
  while (ranges.length === 0 || pattern.charAt(position) !== "]") {
    const low = parseClassCharacter(pattern, position);
    if (low === null) return null;
    position = low.end;
    let high = low;
    if (pattern.charAt(position) === "-") {
      const parsed = parseClassCharacter(pattern, position + 1);
      if (parsed === null) return null;
      high = parsed;
      position = high.end;
    }
    ranges.push([low.codePoint, high.codePoint]);
  }
  return { token: { kind: "class", isNegated, ranges }, end: position + 1 };
}

function parseClassCharacter(
  pattern: string,
  start: number,
): { readonly codePoint: number; readonly end: number } | null {
  const first = pattern.charAt(start);
  if (first === "" || first === "-" || first === "]") return null;
  const position = first === "\\" ? start + 1 : start;
  if (position >= pattern.length) return null;
  const { codePoint, length } = decodeCharacter(pattern, position);
  // A byte that is no UTF-8 cannot be a limit of a range.
  if (codePoint === replacement && length === 1) return null;
  return { codePoint, end: position + length };
}

/** The forms that nearly all patterns have, without the general way: `*`, `*literal`, `literal*`. */
function simpleMatcher(chunks: readonly (readonly Token[])[]): ComponentMatcher | null {
  const [first, second, third] = chunks;
  if (first === undefined || second === undefined || third !== undefined) return null;
  const [head, tail] = [literalOf(first), literalOf(second)];
  if (head === null || tail === null) return null;
  const minimum = head.length + tail.length;
  return (name) => name.length >= minimum && name.startsWith(head) && name.endsWith(tail);
}

function literalOf(chunk: readonly Token[]): string | null {
  const [token, ...rest] = chunk;
  if (token === undefined) return "";
  return token.kind === "literal" && rest.length === 0 ? token.bytes : null;
}

/** The first place where a chunk fits is as good as any later one, but for the last chunk, which must end the name. */
function matchChunks(chunks: readonly (readonly Token[])[], name: string): boolean {
  let position = 0;
  for (const [index, chunk] of chunks.entries()) {
    const isLast = index === chunks.length - 1;
    let start = position;
    let end = matchChunk(chunk, name, start);
    if (index > 0) {
      while ((end === -1 || (isLast && end < name.length)) && start < name.length) {
        start++;
        end = matchChunk(chunk, name, start);
      }
    }
    if (end === -1 || (isLast && end < name.length)) return false;
    position = end;
  }
  return true;
}

/** Where the chunk ends in the name when it begins at `start`, or -1. */
function matchChunk(chunk: readonly Token[], name: string, start: number): number {
  let position = start;
  for (const token of chunk) {
    if (token.kind === "literal") {
      if (!name.startsWith(token.bytes, position)) return -1;
      position += token.bytes.length;
      continue;
    }
    if (position >= name.length) return -1;
    const { codePoint, length } = decodeCharacter(name, position);
    if (token.kind === "class") {
      const isInside = token.ranges.some(([low, high]) => low <= codePoint && codePoint <= high);
      if (isInside === token.isNegated) return -1;
    }
    position += length;
  }
  return position;
}

const replacement = 0xfffd;
const sequence =
  /[\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}/y;

/** The character of UTF-8 at a place of a byte string; U+FFFD of one byte where there is none. */
function decodeCharacter(bytes: string, position: number): { readonly codePoint: number; readonly length: number } {
  sequence.lastIndex = position;
  const found = sequence.exec(bytes)?.[0];
  if (found === undefined) return { codePoint: replacement, length: 1 };
  const codePoint = Buffer.from(found, "latin1").toString("utf8").codePointAt(0) ?? replacement;
  return { codePoint, length: found.length };
}
