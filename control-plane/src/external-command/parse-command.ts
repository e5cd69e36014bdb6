import { maximumCommandCharacters } from "@mycloud/protocol/external-command";

/** A line taken apart as far as one can without knowing the command. `rest` is what follows the first semicolon. */
export interface ParsedCommand {
  /** When it was written, milliseconds UTC; null when the line does not say. */
  readonly atMs: number | null;
  readonly name: string;
  readonly rest: string;
}

export type CommandLine =
  | { readonly isCommand: true; readonly command: ParsedCommand }
  | { readonly isCommand: false; readonly message: string };

/** The last second that a Date can hold. */
const maximumEpochSeconds = 8_640_000_000_000;

/**
 * Reads `[epoch] NAME;field;field` (nagioscore base/commands.c: process_external_command1). Without the time in brackets it is taken as written
 * now. Says why when it is no command. Pure; takes any text.
 */
export function parseCommandLine(line: string): CommandLine {
  if (line.length > maximumCommandCharacters) return fault(`a command is longer than ${maximumCommandCharacters}`);
  let text = line.trim();
  let atMs: number | null = null;
  if (text.startsWith("[")) {
    const end = text.indexOf("]");
    const seconds = end < 0 ? "" : text.slice(1, end).trim();
    if (!/^\d{1,13}$/.test(seconds) || Number(seconds) > maximumEpochSeconds) {
      return fault(`"${shown(text)}" starts with [ but not with a time in seconds, as in [1700000000] NAME;field`);
    }
    atMs = Number(seconds) * 1000;
    text = text.slice(end + 1).trimStart();
  }
  const semicolon = text.indexOf(";");
  const name = (semicolon < 0 ? text : text.slice(0, semicolon)).trim();
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name)) return fault(`"${shown(name)}" is no name of a command`);
  const rest = semicolon < 0 ? "" : text.slice(semicolon + 1);
  return { isCommand: true, command: { atMs, name: name.toUpperCase(), rest } };
}

/**
 * Takes the part behind the name apart at its semicolons into at most `count` fields; the last one keeps its own, since it is somebody's
 * text. Nothing gives no field. Pure.
 */
export function splitFields(rest: string, count: number): string[] {
  if (rest === "") return [];
  const fields: string[] = [];
  let from = 0;
  while (fields.length < count - 1) {
    const semicolon = rest.indexOf(";", from);
    if (semicolon < 0) break;
    fields.push(rest.slice(from, semicolon));
    from = semicolon + 1;
  }
  fields.push(rest.slice(from));
  return fields;
}

/** What is in brackets of a message may be anything: cut, and without control characters. */
function shown(text: string): string {
  return text.slice(0, 80).replace(/\p{Cc}/gu, "?");
}

function fault(message: string): CommandLine {
  return { isCommand: false, message };
}
