import { HostAgent } from "@mycloud/protocol/host";
import { z } from "zod";
import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { NotFoundError } from "../error/index.ts";
import { forOperators, type Route, route } from "../http/route.ts";
import { findAgent, findAgentOfHost, revokeAgents } from "./store.ts";

export interface AgentManagementDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly now: () => number;
  readonly dropStream: (agentId: string) => void;
}

/** What operators do with agents. */
export function createAgentManagementRoutes(deps: AgentManagementDependencies): Route[] {
  const { database, audit, changes, now } = deps;
  return [
    route({
      method: "post",
      path: "/api/v1/agents/:id/revoke",
      summary: "Revoke an agent: from now on nothing it sends is accepted",
      access: forOperators,
      params: z.object({ id: z.string().min(1).max(64) }),
      answer: HostAgent,
      handle: async ({ params, actor, scope }) => {
        const agent = await findAgent(database.db, params.id, scope);
        if (agent === undefined) throw new NotFoundError(`there is no agent ${params.id}`);
        await database.transaction(async (tx) => {
          if ((await revokeAgents(tx, { id: agent.id }, now())) === 0) return;
          await audit.record(tx, {
            actor,
            action: "agent.revoke",
            resourceKind: "host",
            resourceId: agent.hostId,
            resourceName: agent.hostName,
            before: { agentId: agent.id },
          });
        });
        deps.dropStream(agent.id);
        changes.publish("definitions", null);
        changes.publish("hosts", [agent.hostId]);
        return findAgentOfHost(database.db, agent.hostId);
      },
    }),
  ];
}
