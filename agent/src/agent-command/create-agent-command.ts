import type { Command } from "commander";
import { commandGroup, type Terminal } from "../command-line/index.ts";
import { createDiscoverCommand } from "./discover-command.ts";
import { createEnrolCommand } from "./enrol-command.ts";
import { createRunCommand } from "./run-command.ts";
import { createStatusCommand } from "./status-command.ts";
import { createAgentSyncCommand } from "./sync-command.ts";

/** `mycloud agent run|enrol|status|discover|sync`; without a verb it runs. */
export function createAgentCommand(terminal: Terminal): Command {
  const group: Command = commandGroup("agent", "the agent of this host: runs its checks and reports their results", [
    createEnrolCommand(terminal),
    createStatusCommand(terminal),
    createDiscoverCommand(terminal),
    createAgentSyncCommand(terminal),
  ]);
  return group.addCommand(createRunCommand(terminal), { isDefault: true });
}
