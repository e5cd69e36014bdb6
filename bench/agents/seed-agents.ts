import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { type AgentPrivateKey, createKey, publicKeyOf } from "../../agent/src/identity/index.ts";
import { insertAgent } from "../../control-plane/src/agent/store.ts";
import { connectDatabase } from "../../control-plane/src/database/connect-database.ts";
import { migrate } from "../../control-plane/src/database/migrate.ts";
import { createHost } from "../../control-plane/src/host/create-host.ts";

export interface SeededAgent {
  readonly agentId: string;
  readonly key: AgentPrivateKey;
}

/** Puts enrolled hosts into a database that no control plane uses yet; enrolling is not what is measured. */
export async function seedAgents(location: string, count: number): Promise<SeededAgent[]> {
  const logger = pino({ level: "warn" });
  const database = await connectDatabase(location, logger);
  await migrate(database, { logger });
  const agents = Array.from({ length: count }, () => ({ agentId: randomUUID(), key: createKey() }));
  const now = Date.now();
  await database.transaction(async (tx) => {
    for (const [index, { agentId, key }] of agents.entries()) {
      const host = {
        name: `bench${String(index + 1).padStart(5, "0")}`,
        displayName: null,
        address: null,
        labels: { bench: "yes" },
        groups: [],
        customer: null,
        notes: "",
        maxCheckAttempts: 1,
        freshnessSeconds: null,
        origin: "enrolled" as const,
      };
      const hostId = await createHost(tx, database.dialect, host, now);
      await insertAgent(
        tx,
        { id: agentId, hostId, publicKeyJson: JSON.stringify(publicKeyOf(key)), version: "simulated" },
        now,
      );
    }
  });
  await database.close();
  return agents;
}
