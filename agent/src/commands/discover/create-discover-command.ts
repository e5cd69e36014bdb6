import type { Command } from "commander";
import { commandGroup, type Terminal } from "../../command-line/index.ts";
import { createDiscoverSnmpCommand } from "./discover-snmp.ts";

/** `mycloud discover snmp`. */
export function createDiscoverCommand(terminal: Terminal): Command {
  return commandGroup("discover", "Find devices that could be watched, from this machine.", [
    createDiscoverSnmpCommand(terminal),
  ]);
}
