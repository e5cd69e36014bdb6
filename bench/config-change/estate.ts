import { CheckInput } from "@mycloud/protocol/check";
import { pino } from "pino";
import type { AgentPrivateKey } from "../../agent/src/identity/index.ts";
import { createCheck } from "../../control-plane/src/check/store.ts";
import { connectDatabase } from "../../control-plane/src/database/connect-database.ts";
import { seedAgents } from "../agents/seed-agents.ts";

/** How large the installation is: each check is a service of each host. */
export interface EstateSize {
  readonly hosts: number;
  readonly checks: number;
}

/** Every service gives one result in this time; so many of a host's come in one batch. */
export const checkIntervalSeconds = 240;
export const resultsPerBatch = 5;

/** The name of the check of a number: `check007`. */
export function checkName(prefix: string, index: number): string {
  return `${prefix}${String(index + 1).padStart(3, "0")}`;
}

/** Puts hosts with agents, and checks that match all of them, into a database that no control plane uses yet. */
export async function seedEstate(
  location: string,
  { hosts, checks }: EstateSize,
): Promise<{ readonly agentId: string; readonly key: AgentPrivateKey }[]> {
  const agents = await seedAgents(location, hosts);
  const database = await connectDatabase(location, pino({ level: "warn" }));
  for (let index = 0; index < checks; index++) {
    const input = CheckInput.parse({ name: checkName("check", index), ...checkSpec("5,4,3") });
    await database.transaction((tx) => createCheck(tx, database.dialect, input, Date.now()));
  }
  await database.close();
  return agents;
}

/** What the checks are, but for their thresholds. */
export function checkSpec(warning: string) {
  return { command: "load", arguments: ["-w", warning], selector: { labels: { bench: "yes" } }, checkIntervalSeconds };
}
