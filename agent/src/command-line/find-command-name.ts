const optionsWithValue = new Set(["--state-dir", "--server", "--token-file"]);

/** The first word that is neither one of the program's options nor an option's value; undefined when there is none. Pure. */
export function findCommandName(words: readonly string[]): string | undefined {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (optionsWithValue.has(word)) at++;
    else if (!word.startsWith("-")) return word;
  }
  return undefined;
}
