import { findAgent } from "../../agent/store.ts";
import type { ConnectedDatabase } from "../../database/dialect/dialect.ts";
import { forwardCredentials } from "../../log-job/index.ts";
import type { Sealer } from "../../sealing/index.ts";
import type { KnownAgent } from "./authenticate-ping.ts";

interface Dependencies {
  readonly database: ConnectedDatabase;
  readonly sealer: Sealer;
}

/** Finds agents that are active, with what they have to prove. */
export function createAgentFinder({ database, sealer }: Dependencies): {
  find(id: string): Promise<KnownAgent | null>;
  findActive(ids: readonly string[]): Promise<ReadonlySet<string>>;
} {
  const { secret, passwordOf } = forwardCredentials(sealer);
  return {
    async find(id) {
      const agent = id === "" || id.length > 64 ? undefined : await findAgent(database.db, id);
      if (agent === undefined || agent.revokedAtMs !== null) return null;
      const { hostId, hostName: name, customer } = agent;
      return {
        id: agent.id,
        secret,
        password: passwordOf(agent.id),
        identity: {
          kind: "agent",
          key: `agent:${agent.id}`,
          name,
          hostId,
          hostName: null,
          customer,
          maximumLinesPerSecond: null,
          maximumBytesPerDay: null,
        },
      };
    },
    async findActive(ids) {
      const rows = await database.db
        .selectFrom("agent")
        .select("id")
        .where("revoked_at_ms", "is", null)
        .where("id", "in", [...ids])
        .execute();
      return new Set(rows.map(({ id }) => id));
    },
  };
}
