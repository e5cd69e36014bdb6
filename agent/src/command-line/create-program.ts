import { Command } from "commander";
import { type CommandEntry, commandGroups } from "./command-entry.ts";
import { describeExitCodes } from "./exit-code.ts";
import { addInstanceOptions } from "./instance-options.ts";
import type { Terminal } from "./terminal.ts";

const introduction = `Watches hosts and services: one control plane, one agent per host, one console.

Start with  mycloud up  (in a clone also: npm start), then open the address it prints.`;

/** The program with one command loaded (`wanted`; "*" loads all), the others known by name and summary only; `verb` is the word behind its name. */
export async function createProgram(
  terminal: Terminal,
  entries: readonly CommandEntry[],
  wanted: string | undefined,
  version: string,
  verb?: string,
): Promise<Command> {
  const program = new Command("mycloud")
    .description(introduction)
    .usage("[options] COMMAND ...")
    .version(version, "-V, --version", "print the version")
    .enablePositionalOptions()
    .helpCommand("help [COMMAND]", "explain a command");
  addInstanceOptions(program);
  for (const group of commandGroups) {
    for (const entry of entries.filter((candidate) => candidate.group === group)) {
      const isWanted = wanted === "*" || wanted === entry.name;
      const command = isWanted && entry.load ? await entry.load(terminal, verb) : new Command(entry.name);
      command.helpGroup(group).summary(entry.summary);
      if (!command.description()) command.description(entry.summary);
      program.addCommand(command);
    }
  }
  program.addHelpText("after", `\nmycloud COMMAND --help explains a command.\n\nExit codes:\n${describeExitCodes()}`);
  return program;
}
