import { CommandError } from "../../command-line/index.ts";

/** Splits a command into words as a shell would, without a shell: spaces part, single and double quotes and backslashes keep. Throws CommandError. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (quote !== undefined && character === quote) quote = undefined;
    else if (character === "\\" && quote !== "'") word = (word ?? "") + (text[++at] ?? "");
    else if (quote !== undefined) word = (word ?? "") + character;
    else if (character === "'" || character === '"') {
      quote = character;
      word ??= "";
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + character;
  }
  if (quote !== undefined) throw new CommandError("usage", `a ${quote} is not closed in: ${text}`);
  if (word !== undefined) words.push(word);
  return words;
}
