/** A command with its arguments as one would type them in a shell. Pure. */
export function commandLineOf(command: string, words: readonly string[]): string {
  return [command, ...words].map(quoted).join(" ");
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
