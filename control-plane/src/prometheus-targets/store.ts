import { MetricsEndpoint } from "@mycloud/protocol/host-metrics";
import { Labels } from "@mycloud/protocol/name";
import { z } from "zod";
import type { Executor } from "../database/dialect/dialect.ts";
import { effectiveLabels } from "../host/effective-labels.ts";
import type { Scope } from "../scope/index.ts";
import type { TargetHost } from "./plan-targets.ts";

const AgentStatus = z.object({ metrics: MetricsEndpoint.nullable().default(null) });

/** Hosts with an agent that is not revoked, by name, with what it said of itself last. */
export async function findHostsWithAgent(executor: Executor, scope: Scope): Promise<Omit<TargetHost, "isPushed">[]> {
  let query = executor
    .selectFrom("host")
    .innerJoin("agent", "agent.host_id", "host.id")
    .select(["host.id", "host.name", "host.address", "host.customer", "host.labels_json", "host.facts_json"])
    .select(["agent.status_json", "agent.last_seen_at_ms"])
    .where("agent.revoked_at_ms", "is", null);
  if (scope.kind === "customer") query = query.where("host.customer", "=", scope.customer);
  // Of several agents of a host the one that was heard last counts, which is written last.
  const rows = await query.orderBy("host.name").orderBy("agent.last_seen_at_ms").execute();
  const byId = new Map<number, Omit<TargetHost, "isPushed">>();
  for (const { id, name, address, customer, labels_json: labels, facts_json: facts, status_json: status } of rows) {
    byId.set(id, {
      id,
      name,
      address,
      customer,
      labels: effectiveLabels(Labels.parse(JSON.parse(facts)), Labels.parse(JSON.parse(labels))),
      endpoint: endpointOf(status),
    });
  }
  return [...byId.values()];
}

function endpointOf(status: string | null): MetricsEndpoint | null {
  return AgentStatus.safeParse(JSON.parse(status ?? "{}")).data?.metrics ?? null;
}
