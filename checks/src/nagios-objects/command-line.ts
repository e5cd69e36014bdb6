import { type ShellWords, splitShellWords } from "./shell-words.ts";

/** `check_command` taken apart: the command's name and what stands for `$ARG1$`, `$ARG2$`, ... */
export interface CommandCall {
  readonly name: string;
  readonly arguments: readonly string[];
}

/** Splits `check_ping!100,20%!500,60%`; `\!` is a `!` inside an argument. Pure. */
export function splitCheckCommand(text: string): CommandCall {
  const [name = "", ...parts] = text.split(/(?<!\\)!/);
  return { name: name.trim(), arguments: parts.map((part) => part.replaceAll("\\!", "!")) };
}

/** What a macro stands for: a text to put in, `keep` for one that is filled in when the check runs, undefined when nobody knows it. */
export type MacroValue = string | { readonly keep: true } | undefined;

/** A command with its macros replaced. Words have kept macros as `$NAME$` and a literal `$` as `$$`, as MyCloud's check arguments are written. */
export type ExpandedCommand = ShellWords & {
  /** The whole line, macros replaced the same way. */
  readonly line: string;
  /** Macros nobody knew; nagios leaves them empty. */
  readonly unknown: readonly string[];
};

// Kept macros travel through the shell's grammar as single characters that no shell knows.
const firstMark = 0xe000;

/**
 * Replaces the macros of a command line and splits it into words: arguments first (`$ARGn$`, whose own macros are replaced too), then what `macro`
 * says; the rest stays out, as in nagios. Pure.
 */
export function expandCommand(line: string, call: CommandCall, macro: (name: string) => MacroValue): ExpandedCommand {
  const kept: string[] = [];
  const unknown: string[] = [];
  const replace = (text: string, depth: number): string =>
    text.replace(/\$([^$\s]*)\$/g, (_whole, written: string) => {
      const name = written.toUpperCase();
      if (name === "") return mark("$$");
      const number = /^ARG(\d{1,2})$/.exec(name)?.[1];
      if (number !== undefined) return depth > 0 ? "" : replace(call.arguments[Number(number) - 1] ?? "", depth + 1);
      const value = macro(name);
      if (value === undefined) {
        unknown.push(written);
        return "";
      }
      if (typeof value !== "string") return mark(`$${name}$`);
      // A value is text to the shell too, as in nagios; only its macros are not read again.
      return value;
    });
  function mark(text: string): string {
    const known = kept.indexOf(text);
    const index = known < 0 ? kept.push(text) - 1 : known;
    return String.fromCharCode(firstMark + (index % 6000));
  }
  const unmark = (text: string) =>
    text
      .replaceAll("$", "$$$$")
      .replace(/[\ue000-\uf76f]/g, (character) => kept[character.charCodeAt(0) - firstMark] ?? character);
  const replaced = replace(line.replace(/[\ue000-\uf76f]/g, ""), 0);
  const split = splitShellWords(replaced);
  const common = { line: unmark(replaced), unknown: [...new Set(unknown)] };
  if (split.kind === "shell") return { ...split, ...common };
  return { kind: "words", words: split.words.map(unmark), ...common };
}
