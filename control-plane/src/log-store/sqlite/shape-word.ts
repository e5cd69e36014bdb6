// Which words a shape's records can have: those of its template, and those that were seen where the template has a mask. With it a question for two common words
// that never stand in one record is answered without looking for one. It is about words of plain letters, of which shapes have few; words with digits are what
// varies, and nothing is known of them.
import { tokensOf } from "@mycloud/protocol/log-query";

/** Whether it is known of a word, as `tokensOf` gives it, which shapes can have it. Pure. */
export function isShapeWord(token: string): boolean {
  return /^[a-z_]+$/.test(token);
}

/** Such words of a template, and maybe some that its records do not have: the names of masks. Pure. */
export function shapeWordsOf(template: string): Set<string> {
  return new Set(tokensOf(template).filter(isShapeWord));
}

/** Calls `visit` with each such word of a plain ASCII text, in lower case, also more than once. Pure but for that. */
export function visitShapeWords(text: string, visit: (word: string) => void): void {
  let from = 0;
  let hasDigit = false;
  for (let at = 0; at <= text.length; at += 1) {
    const kind = at < text.length ? kindOf(text.charCodeAt(at)) : separator;
    if (kind === letter) continue;
    if (kind === digit) {
      hasDigit = true;
      continue;
    }
    if (at > from && !hasDigit) visit(text.slice(from, at).toLowerCase());
    from = at + 1;
    hasDigit = false;
  }
}

const separator = 0;
const letter = 1;
const digit = 2;

function kindOf(code: number): number {
  if (code >= 48 && code <= 57) return digit;
  const lower = code | 32;
  return (lower >= 97 && lower <= 122) || code === 95 ? letter : separator;
}
