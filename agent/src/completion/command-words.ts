import type { Command } from "commander";

/** A word that can be written, and what it does. */
export interface Candidate {
  readonly word: string;
  readonly description: string;
}

/** What can be written behind a command: `host list`; the empty path is the program itself. */
export interface CommandWords {
  readonly path: string;
  readonly commands: readonly Candidate[];
  readonly options: readonly Candidate[];
}

/** All commands' words. Pure. */
export function commandWords(program: readonly Command[]): CommandWords[] {
  const all: CommandWords[] = [];
  const visit = (command: Command, path: string) => {
    const commands = command.commands.map(candidateOf);
    const options = command.options.map(({ long, short, description }) => ({
      word: long ?? short ?? "",
      description: inShort(description),
    }));
    all.push({ path, commands, options: [...options, { word: "--help", description: "explain it" }] });
    for (const child of command.commands) visit(child, `${path} ${child.name()}`);
  };
  for (const command of program) visit(command, command.name());
  const help = { word: "help", description: "explain a command" };
  return [{ path: "", commands: [help, ...program.map(candidateOf)], options: [] }, ...all];
}

function candidateOf(command: Command): Candidate {
  return { word: command.name(), description: inShort(command.summary() || command.description()) };
}

/** The first sentence or part of it, on one line. */
function inShort(text: string): string {
  const [first = ""] = text.replaceAll(/\s+/g, " ").split(/[.;:](?: |$)/);
  return first.length > 70 ? `${first.slice(0, 69)}…` : first;
}

/** Commands whose arguments or options' values `mycloud completion values` knows. */
export const hasValues = [
  "sync",
  "log",
  "ls",
  "find",
  "diff",
  "checkout",
  "rollback",
  "restore",
  "download",
  "hold",
  "note",
] as const;
