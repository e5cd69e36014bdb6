import type { LogJobs } from "@mycloud/protocol/log-source";
import { Labels } from "@mycloud/protocol/name";
import { sql } from "kysely";
import { z } from "zod";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { loadDefinitions } from "../definition/index.ts";
import { effectiveLabels } from "../host/effective-labels.ts";
import { idList } from "../monitored/index.ts";
import type { Sealer } from "../sealing/index.ts";
import { forwardCredentials } from "./agent-credentials.ts";
import type { ForwardEndpoint } from "./forward-endpoint.ts";
import { planLogJobs } from "./plan-log-jobs.ts";

export interface LogJobDependencies {
  readonly database: ConnectedDatabase;
  readonly sealer: Sealer;
  /** Null while the receiver is off. */
  readonly endpoint: () => ForwardEndpoint | null;
}

const Groups = z.array(z.string());

/** Finds the log jobs of hosts, by host, for their agents' configurations. */
export function createLogJobFinder({
  database,
  sealer,
  endpoint,
}: LogJobDependencies): (hostIds: readonly number[]) => Promise<ReadonlyMap<number, LogJobs>> {
  const credentials = forwardCredentials(sealer);
  return async (hostIds) => {
    const found = new Map<number, LogJobs>();
    const { db, dialect } = database;
    const sources = await loadDefinitions(db, "LogSource", sealer);
    if (!sources.some(({ isEnabled }) => isEnabled)) return found;
    const destinations = await loadDefinitions(db, "LogDestination", sealer);
    const hosts = await db
      .selectFrom("host")
      .select(["id", "name", "labels_json", "facts_json", "groups_json"])
      .where(sql<boolean>`id in ${idList(dialect, hostIds)}`)
      .execute();
    const agents = await db
      .selectFrom("agent")
      .select(["id", "host_id"])
      .where("revoked_at_ms", "is", null)
      .where(sql<boolean>`host_id in ${idList(dialect, hostIds)}`)
      .orderBy("enrolled_at_ms")
      .execute();
    const agentOf = new Map(agents.map((agent) => [agent.host_id, agent.id]));
    for (const { id, name, labels_json: labels, facts_json: facts, groups_json: groups } of hosts) {
      const host = {
        name,
        labels: effectiveLabels(Labels.parse(JSON.parse(facts)), Labels.parse(JSON.parse(labels))),
        groups: Groups.parse(JSON.parse(groups)),
      };
      const agentId = agentOf.get(id) ?? null;
      const jobs = planLogJobs({ host, agentId, sources, destinations, endpoint: endpoint(), credentials });
      if (jobs !== undefined) found.set(id, jobs);
    }
    return found;
  };
}
