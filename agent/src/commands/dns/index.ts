import { Command } from "commander";
import { commandGroup, type Terminal } from "../../command-line/index.ts";
import { createDnsExplainCommand } from "./explain-command.ts";
import { createKeyCommand } from "./key-command.ts";
import { createNameServerCommand } from "./name-server-command.ts";
import { createRecordCommand } from "./record-command.ts";
import { createZoneCommand } from "./zone-command.ts";

/** `mycloud dns zone|record|key|server|explain ...`: the name service as the control plane defines it. `mycloud dns serve` is the name server's own. */
export function createDnsCommand(terminal: Terminal): Command {
  return commandGroup("dns", "Zones, records and keys of the name service; dns serve runs a name server.", [
    createZoneCommand(terminal),
    createRecordCommand(terminal),
    createKeyCommand(terminal),
    createNameServerCommand(terminal),
    createDnsExplainCommand(terminal),
    // Found and run by bin/mycloud; here so that the help lists it.
    new Command("serve").description("Run a name server; mycloud dns serve --help has its options."),
  ]);
}
