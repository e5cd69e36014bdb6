import type { AgentCommandOutcome } from "@mycloud/protocol/agent";
import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { Actor } from "../http/actor.ts";
import { finishCommand } from "./store.ts";

export interface TakeOutcomeDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly now: () => number;
}

/**
 * Keeps an agent's word on a command of its host; false when there is no such command. What an event handler did is audited as the agent's act,
 * once, however often the agent says it.
 */
export async function takeOutcome(
  { database, audit, changes, now }: TakeOutcomeDependencies,
  actor: Actor,
  command: { readonly id: number; readonly hostId: number },
  outcome: AgentCommandOutcome,
): Promise<boolean> {
  const { verdict, eventHandler } = await database.transaction(async (tx) => {
    const finished = await finishCommand(tx, command, outcome, now());
    if (finished.verdict === "finished" && finished.eventHandler !== null) {
      await audit.record(tx, {
        actor,
        action: "event-handler.run",
        resourceKind: "event-handler",
        resourceId: null,
        resourceName: finished.eventHandler,
        after: { commandId: command.id, ...outcome },
      });
    }
    return finished;
  });
  if (verdict === "finished" && eventHandler !== null) changes.publish("state-changes", null);
  return verdict !== "unknown";
}
