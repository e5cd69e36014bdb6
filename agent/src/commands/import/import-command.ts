import type { Command } from "commander";
import { commandGroup, type Terminal } from "../../command-line/index.ts";
import { createImportNagiosCommand } from "./import-nagios.ts";

/** `mycloud import nagios`. */
export function createImportCommand(terminal: Terminal): Command {
  return commandGroup("import", "Take over what another monitoring system is configured to do.", [
    createImportNagiosCommand(terminal),
  ]);
}
