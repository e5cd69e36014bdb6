import { type HostLogPipeline, LogPipelineReport } from "@mycloud/protocol/log-source";
import { z } from "zod";
import type { Executor } from "../database/dialect/dialect.ts";
import type { Scope } from "../scope/index.ts";

const AgentStatus = z.object({ logs: LogPipelineReport.optional() });

/**
 * What the present agent of a host told last of its logs; null where it reads none, or said nothing yet. Reasons of failures name addresses of the
 * operator's: customers are not told them.
 */
export async function findLogPipeline(
  executor: Executor,
  scope: Scope,
  hostId: number,
): Promise<HostLogPipeline | null> {
  const agent = await executor
    .selectFrom("agent")
    .select(["status_json", "last_seen_at_ms"])
    .where("host_id", "=", hostId)
    .where("revoked_at_ms", "is", null)
    .executeTakeFirst();
  if (agent === undefined || agent.status_json === null || agent.last_seen_at_ms === null) return null;
  // Of an agent of another version: what cannot be understood is as if it was not said.
  const status = AgentStatus.safeParse(JSON.parse(agent.status_json));
  const logs = status.success ? status.data.logs : undefined;
  if (logs === undefined) return null;
  const report = { ...logs, reportedAtMs: agent.last_seen_at_ms };
  return scope.kind === "all" ? report : withoutReasons(report);
}

function withoutReasons(report: HostLogPipeline): HostLogPipeline {
  return {
    ...report,
    fault: report.fault === null ? null : "logs cannot be kept",
    notices: [],
    faultySources: report.faultySources.map(({ name }) => ({ name, fault: "it cannot be read" })),
    destinations: report.destinations.map((destination) => ({ ...destination, lastError: null })),
  };
}
