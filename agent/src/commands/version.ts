import { Command } from "commander";
import { flagsOf, printFields, printJson, programVersion, type Terminal } from "../command-line/index.ts";

/** `mycloud version`. */
export function createVersionCommand(terminal: Terminal): Command {
  const command = new Command("version").description("Print the version of this program and of its runtime.");
  command.option("--json", "print JSON");
  return command.action(async () => {
    const versions = { mycloud: programVersion(), node: process.versions.node };
    if (flagsOf(command).json) return printJson(terminal, versions);
    await printFields(terminal, Object.entries(versions));
  });
}
