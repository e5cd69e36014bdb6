import type { Command } from "commander";
import { commandGroup, type Terminal } from "../command-line/index.ts";

type LoadVerb = (terminal: Terminal) => Promise<Command>;

/** The verbs, in the order in which help shows them. */
const verbs: Readonly<Record<string, LoadVerb>> = {
  enrol: async (terminal) => (await import("./enrol-command.ts")).createEnrolCommand(terminal),
  status: async (terminal) => (await import("./status-command.ts")).createStatusCommand(terminal),
  discover: async (terminal) => (await import("./discover-command.ts")).createDiscoverCommand(terminal),
  sync: async (terminal) => (await import("./sync-command.ts")).createAgentSyncCommand(terminal),
  run: async (terminal) => (await import("./run-command.ts")).createRunCommand(terminal),
};

/**
 * `mycloud agent run|enrol|status|discover|sync`; without a verb it runs. With one verb when it is told which is wanted: what runs for
 * months does not hold the modules of the others.
 */
export async function createAgentCommand(terminal: Terminal, wanted?: string): Promise<Command> {
  const names = wanted !== undefined && Object.hasOwn(verbs, wanted) ? [wanted] : Object.keys(verbs);
  const group = commandGroup("agent", "the agent of this host: runs its checks and reports their results", []);
  for (const name of names) {
    const command = await verbs[name]?.(terminal);
    if (command !== undefined) group.addCommand(command, { isDefault: name === "run" });
  }
  return group;
}
