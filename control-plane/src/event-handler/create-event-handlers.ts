import type { AgentCommandPhase, AgentCommandRequest } from "@mycloud/protocol/agent";
import type { Stored } from "@mycloud/protocol/definition";
import type { AuditLog } from "../audit/index.ts";
import type { Dialect, Executor, Row } from "../database/dialect/dialect.ts";
import type { EnabledDefinitions } from "../definition/index.ts";
import { loadLiveDowntimes } from "../downtime/load-live-downtimes.ts";
import { systemActor } from "../http/actor.ts";
import type { DefinitionCache, MonitoredHost } from "../monitored/index.ts";
import { replaceMacros } from "../notification/channels/nagios-macros.ts";
import { downtimeFor } from "../notification/definitions.ts";
import type { EventHandlerQueue, HandledChange } from "../state-change/index.ts";
import { eventHandlerMacros } from "./event-handler-macros.ts";
import { wantsChange } from "./wants-change.ts";

export interface EventHandlersDependencies {
  readonly dialect: Dialect;
  readonly definitions: DefinitionCache;
  readonly handlers: EnabledDefinitions<"EventHandler">;
  readonly audit: AuditLog;
}

/** After this long nobody runs a handler any more: the state it was meant for may be another. */
export const staleAfterMs = 5 * 60_000;

const maximumArgumentLength = 16_000;

const columns = [
  "host_id",
  "request_json",
  "phase",
  "message",
  "created_by_name",
  "created_at_ms",
  "expires_at_ms",
  "finished_at_ms",
  "state_change_id",
  "event_handler",
] as const;

interface PlannedRun {
  readonly handler: Stored<"EventHandler">;
  readonly change: HandledChange;
  readonly request: Extract<AgentCommandRequest, { kind: "event-handler" }>;
  readonly hostId: number;
  readonly phase: AgentCommandPhase;
  readonly message: string | null;
}

/** Queues commands to agents for the state changes that event handlers want, and an audit entry with each. */
export function createEventHandlers(dependencies: EventHandlersDependencies): EventHandlerQueue {
  const { dialect, definitions, handlers, audit } = dependencies;

  async function plan(tx: Executor, changes: readonly HandledChange[], nowMs: number): Promise<PlannedRun[]> {
    const all = await handlers.read(tx);
    const wanted = changes.flatMap((change) =>
      all.filter((handler) => wantsChange(handler, change.record)).map((handler) => ({ handler, change })),
    );
    if (wanted.length === 0) return [];
    const names = new Set(wanted.map(({ handler, change }) => handler.runOn ?? change.record.host.name));
    const hosts = await definitions.hostsByName(tx, names);
    const downtimes = await loadLiveDowntimes(tx, nowMs);
    return wanted.map(({ handler, change }) => {
      const { host, serviceName, isHostDown } = change.record;
      const isInDowntime = downtimeFor(downtimes, host, serviceName, nowMs, isHostDown) !== null;
      const macros = eventHandlerMacros(change, isInDowntime, nowMs);
      const runOn = hosts.get(handler.runOn ?? host.name);
      return {
        handler,
        change,
        request: {
          kind: "event-handler",
          eventHandler: handler.name,
          command: handler.command,
          arguments: handler.arguments.map((text) => replaceMacros(text, macros).slice(0, maximumArgumentLength)),
          macros,
          timeoutSeconds: handler.timeoutSeconds,
        },
        hostId: runOn?.id ?? host.id,
        ...prospect(handler.runOn ?? host.name, runOn, change.record.atMs, nowMs),
      };
    });
  }

  return {
    async queue(tx, changes, nowMs) {
      const runs = await plan(tx, changes, nowMs);
      if (runs.length === 0) return;
      const ids = await dialect.insertManyReturningIds(
        tx,
        "agent_command",
        columns,
        runs.map((run) => rowOf(run, nowMs)),
      );
      for (const [index, run] of runs.entries()) await record(audit, tx, run, ids[index] ?? null);
    },
  };
}

/** Whether a run is worth queueing, or how it ends at once. Pure. */
function prospect(
  name: string,
  host: Pick<MonitoredHost, "hasAgent"> | undefined,
  changedAtMs: number,
  nowMs: number,
): { readonly phase: AgentCommandPhase; readonly message: string | null } {
  if (host === undefined) return { phase: "failed", message: `there is no host "${name}" to run it on` };
  if (!host.hasAgent) return { phase: "failed", message: `no agent is enrolled on "${name}" that could run it` };
  const ageMs = nowMs - changedAtMs;
  if (ageMs < staleAfterMs) return { phase: "queued", message: null };
  return {
    phase: "expired",
    message: `the state changed ${Math.floor(ageMs / 60_000)} minutes before it was known here`,
  };
}

function rowOf({ handler, change, request, hostId, phase, message }: PlannedRun, nowMs: number): Row {
  return [
    hostId,
    JSON.stringify(request),
    phase,
    message,
    `event handler ${handler.name}`,
    nowMs,
    change.record.atMs + staleAfterMs,
    phase === "queued" ? null : nowMs,
    change.id,
    handler.name,
  ];
}

async function record(audit: AuditLog, tx: Executor, run: PlannedRun, commandId: number | null): Promise<void> {
  const { handler, change, request, phase, message } = run;
  const { host, serviceName, toState, isHard, attempt } = change.record;
  await audit.record(tx, {
    actor: systemActor,
    action: phase === "queued" ? "event-handler.queue" : "event-handler.skip",
    resourceKind: "event-handler",
    resourceId: handler.id,
    resourceName: handler.name,
    after: {
      commandId,
      hostName: host.name,
      serviceName,
      state: toState,
      stateType: isHard ? "HARD" : "SOFT",
      attempt,
      runOn: handler.runOn ?? host.name,
      command: request.command,
      arguments: request.arguments,
      message,
    },
  });
}
