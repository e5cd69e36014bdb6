import { AgentCommandPhase, TestRunResult } from "@mycloud/protocol/agent";
import type { EventHandlerRun } from "@mycloud/protocol/state-change";
import { sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { chunksOf, idList, idsPerQuery } from "../monitored/id-list.ts";

/** What event handlers did about state changes, by the change's id, in the order they were queued. */
export async function findEventHandlerRuns(
  executor: Executor,
  dialect: Dialect,
  changeIds: readonly number[],
): Promise<ReadonlyMap<number, EventHandlerRun[]>> {
  const runs = new Map<number, EventHandlerRun[]>();
  for (const chunk of chunksOf(changeIds, idsPerQuery)) {
    const rows = await executor
      .selectFrom("agent_command")
      .innerJoin("host", "host.id", "agent_command.host_id")
      .select(["agent_command.id", "state_change_id", "event_handler", "phase", "message", "result_json"])
      .select(["finished_at_ms", "host.name"])
      .where(sql<boolean>`state_change_id in ${idList(dialect, chunk)}`)
      .orderBy("agent_command.id")
      .execute();
    for (const row of rows) {
      if (row.state_change_id === null || row.event_handler === null) continue;
      const result = row.result_json === null ? null : TestRunResult.parse(JSON.parse(row.result_json));
      const run: EventHandlerRun = {
        commandId: row.id,
        name: row.event_handler,
        hostName: row.name,
        phase: AgentCommandPhase.parse(row.phase),
        message: row.message,
        returnCode: result?.returnCode ?? null,
        output: result?.output ?? null,
        finishedAtMs: row.finished_at_ms,
      };
      runs.set(row.state_change_id, [...(runs.get(row.state_change_id) ?? []), run]);
    }
  }
  return runs;
}
