/** So much of a text is looked at by a pattern of the configuration: what takes quadratic time takes it of no more than this. */
export const MAXIMUM_MATCHED_CHARACTERS = 16_384;

/** Escapes, character classes, openings of groups, quantifiers: each is one token, whatever is in it. */
const tokens = /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:<?[=!]|<[^>]*>|[a-z-]*:))?|(?:[*+?]|\{\d+(?:,\d*)?\})\??|./gsu;

interface Group {
  hasRepetition: boolean;
  hasChoice: boolean;
}

/**
 * Says why a regular expression may take exponential time: a quantifier without a small bound on something that itself holds such a quantifier or
 * alternatives, `(a+)+`, `(a|ab)*`; or a back reference. Null when it has no such part. It is strict: `(\w+,)*` is refused too, though it is harmless. The
 * pattern has to be a valid one. Pure.
 */
export function dangerOf(pattern: string): string | null {
  const outermost: Group = { hasRepetition: false, hasChoice: false };
  const open: Group[] = [outermost];
  let closed: Group | null = null;
  for (const [token] of pattern.matchAll(tokens)) {
    const current = open.at(-1) ?? outermost;
    const quantifier = readQuantifier(token);
    if (quantifier !== null) {
      const danger = closed === null ? null : dangerOfRepeating(closed, quantifier.maximum);
      if (danger !== null) return `${token} repeats ${danger}`;
      if (quantifier.isVariable) current.hasRepetition = true;
    }
    closed = null;
    if (/^\\[1-9k]/u.test(token)) return "it refers back to a group";
    if (token === "|") current.hasChoice = true;
    else if (token.startsWith("(")) open.push({ hasRepetition: false, hasChoice: false });
    else if (token === ")") {
      closed = open.pop() ?? null;
      const outer = open.at(-1) ?? outermost;
      outer.hasRepetition ||= closed?.hasRepetition ?? false;
      outer.hasChoice ||= closed?.hasChoice ?? false;
    }
  }
  return null;
}

function dangerOfRepeating(group: Group, maximum: number): string | null {
  if (group.hasRepetition && maximum > 8) return "a group that has a repetition in it";
  if (group.hasChoice && maximum > 32) return "a group that has alternatives in it";
  return null;
}

/** What is repeated a fixed number of times, or may be missing, matches in few ways. */
function readQuantifier(token: string): { readonly maximum: number; readonly isVariable: boolean } | null {
  if (/^[*+]/.test(token)) return { maximum: Number.POSITIVE_INFINITY, isVariable: true };
  const bounds = /^\{(\d+)(,(\d*))?\}/.exec(token);
  if (bounds === null) return null;
  const [, least, isRange, most] = bounds;
  if (isRange === undefined) return { maximum: Number(least), isVariable: false };
  return { maximum: most === "" ? Number.POSITIVE_INFINITY : Number(most), isVariable: true };
}
