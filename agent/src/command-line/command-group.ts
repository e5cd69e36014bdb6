import { Command } from "commander";

/** A noun with its verbs: `mycloud host list|show|delete`. */
export function commandGroup(name: string, summary: string, verbs: readonly Command[]): Command {
  const group = new Command(name).description(summary).enablePositionalOptions();
  for (const verb of verbs) group.addCommand(verb);
  return group;
}

/** Examples below a command's help: what to type, and what it does. */
export function addExamples(command: Command, examples: readonly (readonly [string, string])[]): Command {
  const width = Math.max(...examples.map(([line]) => line.length)) + 2;
  const lines = examples.map(([line, meaning]) => `  ${line.padEnd(width)}${meaning}`.trimEnd());
  return command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
}
