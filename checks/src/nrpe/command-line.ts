/** What a query asks for: a command by name, and its arguments. */
export interface NrpeCommandLine {
  readonly name: string;
  readonly arguments: readonly string[];
}

/** What check_nrpe asks without `-c`; the answer is the daemon's version. */
export const versionQuery = "_NRPE_CHECK";

/** Characters that nrpe refuses in arguments: shells and plugins may take them for more than text. */
export const nastyCharacters = "|`&><'\"\\[]{};\r\n";

/** Parses `command!argument!argument`. Pure. */
export function parseNrpeCommandLine(text: string): NrpeCommandLine {
  const [name = "", ...words] = text.split("!");
  return { name, arguments: words };
}

/** The query for a command; an argument cannot hold `!`, which separates them. */
export function formatNrpeCommandLine(line: NrpeCommandLine): string {
  return [line.name, ...line.arguments].join("!");
}

/** Whether an argument has a character that nrpe refuses. */
export function isNasty(argument: string): boolean {
  for (const character of argument) if (nastyCharacters.includes(character)) return true;
  return false;
}
