import { hostname } from "node:os";
import { defaultStateDirectory, resolveFrom, type Terminal } from "../command-line/index.ts";
import { readIdentity } from "../identity/identity-file.ts";
import { agentPaths } from "../state-directory/index.ts";

/** What is known of the host that a command runs on. */
export interface ThisHost {
  /** As the agent was enrolled; null when there is none, or this person may not read who it is. */
  readonly hostId: number | null;
  /** Its names in lower case: whole, and up to the first dot. */
  readonly names: readonly string[];
}

/** Looks at the agent's identity, which often only root may read, and at the host's name. Never throws. */
export async function findThisHost(terminal: Terminal, stateDir: string | undefined): Promise<ThisHost> {
  const given = stateDir ?? (terminal.environment.MYCLOUD_STATE_DIR || undefined);
  const directory = given === undefined ? defaultStateDirectory() : resolveFrom(terminal.workingDirectory, given);
  const identity = await readIdentity(agentPaths(directory)).catch(() => undefined);
  const name = hostname().toLowerCase();
  return { hostId: identity?.hostId ?? null, names: [...new Set([name, name.split(".")[0] ?? name])] };
}
