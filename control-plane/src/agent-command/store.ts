import {
  type AgentCommand,
  type AgentCommandOutcome,
  AgentCommandPhase,
  AgentCommandRequest,
  TestRunResult,
} from "@mycloud/protocol/agent";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { findRunners } from "../prober/store.ts";
import type { Scope } from "../scope/index.ts";

/** A command on its way. */
export interface DeliverableCommand {
  readonly id: number;
  readonly hostId: number;
  readonly request: AgentCommandRequest;
}

const maximumPerLook = 500;

/**
 * Commands that wait for their agent, oldest first. Given a host, also those delivered on an earlier stream and not answered since.
 */
export async function findDeliverableCommands(
  executor: Executor,
  nowMs: number,
  hostId?: number,
): Promise<DeliverableCommand[]> {
  let query = executor
    .selectFrom("agent_command")
    .select(["id", "host_id", "request_json"])
    .where("expires_at_ms", ">", nowMs)
    .where((eb) => eb.or([eb("due_at_ms", "is", null), eb("due_at_ms", "<=", nowMs)]))
    .orderBy("id")
    .limit(maximumPerLook);
  query =
    hostId === undefined
      ? query.where("phase", "=", "queued")
      : query.where("host_id", "=", hostId).where("phase", "in", ["queued", "delivered"]);
  const rows = await query.execute();
  return rows.map((row) => ({
    id: row.id,
    hostId: row.host_id,
    request: AgentCommandRequest.parse(JSON.parse(row.request_json)),
  }));
}

/** Marks commands as delivered; answers those that were not finished meanwhile. */
export async function deliverCommands(
  { db }: ConnectedDatabase,
  commands: readonly DeliverableCommand[],
  nowMs: number,
): Promise<DeliverableCommand[]> {
  const delivered: DeliverableCommand[] = [];
  for (const command of commands) {
    const updated = await db
      .updateTable("agent_command")
      .set({ phase: "delivered", delivered_at_ms: nowMs })
      .where("id", "=", command.id)
      .where("phase", "in", ["queued", "delivered"])
      .executeTakeFirst();
    if (updated.numUpdatedRows === 1n) delivered.push(command);
  }
  return delivered;
}

/** Ends the commands that nobody answered in time. */
export async function expireCommands(executor: Executor, nowMs: number): Promise<void> {
  await executor
    .updateTable("agent_command")
    .set({ phase: "expired", finished_at_ms: nowMs, message: "the agent did not answer in time" })
    .where("phase", "in", ["queued", "delivered"])
    .where("expires_at_ms", "<=", nowMs)
    .execute();
}

/** What became of an agent's word: it counts, an earlier one does, or there is no such command. `eventHandler` is what set the command off. */
export interface FinishedCommand {
  readonly verdict: "finished" | "finished-before" | "unknown";
  readonly eventHandler: string | null;
}

/** Keeps an agent's word on its own command. The first word counts. */
export async function finishCommand(
  executor: Executor,
  command: { readonly id: number; readonly hostId: number },
  outcome: AgentCommandOutcome,
  nowMs: number,
): Promise<FinishedCommand> {
  const updated = await executor
    .updateTable("agent_command")
    .set({
      phase: outcome.phase,
      message: outcome.message,
      result_json: outcome.result === null ? null : JSON.stringify(outcome.result),
      finished_at_ms: nowMs,
    })
    .where("id", "=", command.id)
    .where("host_id", "=", command.hostId)
    .where("phase", "not in", ["done", "failed", "refused"])
    .executeTakeFirst();
  const row = await executor
    .selectFrom("agent_command")
    .select("event_handler")
    .where("id", "=", command.id)
    .where("host_id", "=", command.hostId)
    .executeTakeFirst();
  if (row === undefined) return { verdict: "unknown", eventHandler: null };
  const verdict = updated.numUpdatedRows > 0n ? "finished" : "finished-before";
  return { verdict, eventHandler: row.event_handler };
}

/** Creates a command and answers its id. */
export async function insertCommand(
  executor: Executor,
  command: {
    readonly hostId: number;
    readonly request: AgentCommandRequest;
    readonly createdByName: string;
    /** From when it is delivered on. */
    readonly lifetimeSeconds: number;
    /** From when on it is delivered; at once when absent. */
    readonly dueAtMs?: number;
  },
  nowMs: number,
): Promise<number> {
  const inserted = await executor
    .insertInto("agent_command")
    .values({
      host_id: command.hostId,
      request_json: JSON.stringify(command.request),
      phase: "queued",
      message: null,
      result_json: null,
      created_by_name: command.createdByName.slice(0, 255),
      created_at_ms: nowMs,
      expires_at_ms: Math.max(nowMs, command.dueAtMs ?? nowMs) + command.lifetimeSeconds * 1000,
      due_at_ms: command.dueAtMs ?? null,
      delivered_at_ms: null,
      finished_at_ms: null,
    })
    .executeTakeFirstOrThrow();
  return Number(inserted.insertId);
}

/** One command; undefined when it does not exist or is not theirs to see. */
export async function findCommand(executor: Executor, scope: Scope, id: number): Promise<AgentCommand | undefined> {
  let query = executor
    .selectFrom("agent_command")
    .innerJoin("host", "host.id", "agent_command.host_id")
    .selectAll("agent_command")
    .select("host.name as host_name")
    .where("agent_command.id", "=", id);
  if (scope.kind === "customer") query = query.where("host.customer", "=", scope.customer);
  const row = await query.executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    id: row.id,
    hostId: row.host_id,
    hostName: row.host_name,
    request: AgentCommandRequest.parse(JSON.parse(row.request_json)),
    phase: AgentCommandPhase.parse(row.phase),
    message: row.message,
    result: row.result_json === null ? null : TestRunResult.parse(JSON.parse(row.result_json)),
    createdByName: row.created_by_name,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    finishedAtMs: row.finished_at_ms,
  };
}

/** What is needed to know whether a service's check can be run now. */
export interface CommandTarget {
  readonly serviceId: number;
  readonly hostId: number;
  readonly isPassive: boolean;
  readonly isEnabled: boolean;
  /** The host whose agent runs it: its own, or its prober; null when nobody's does. */
  readonly runnerId: number | null;
}

/** Services within scope, by their ids or as all active ones of hosts. */
export async function findCommandTargets(
  executor: Executor,
  scope: Scope,
  which: { readonly serviceIds: readonly number[] } | { readonly hostIds: readonly number[] },
): Promise<CommandTarget[]> {
  let query = executor
    .selectFrom("service")
    .innerJoin("host", "host.id", "service.host_id")
    .leftJoin("check_definition", "check_definition.id", "service.check_id")
    .select(["service.id", "service.host_id", "service.check_id", "check_definition.is_enabled"])
    .orderBy("service.id");
  if (scope.kind === "customer") query = query.where("host.customer", "=", scope.customer);
  const ids = "serviceIds" in which ? which.serviceIds : which.hostIds;
  if (ids.length === 0) return [];
  query = query.where("serviceIds" in which ? "service.id" : "service.host_id", "in", ids);
  const rows = await query.execute();
  const runners = await findRunners(executor, [...new Set(rows.map((row) => row.host_id))]);
  return rows.map((row) => ({
    serviceId: row.id,
    hostId: row.host_id,
    isPassive: row.check_id === null,
    isEnabled: row.is_enabled === 1,
    runnerId: runners.get(row.host_id) ?? null,
  }));
}

/** A host within scope and whether an agent runs on it. */
export async function findCommandHost(
  executor: Executor,
  scope: Scope,
  hostId: number,
): Promise<{ readonly id: number; readonly name: string; readonly hasAgent: boolean } | undefined> {
  let query = executor
    .selectFrom("host")
    .leftJoin("agent", (join) => join.onRef("agent.host_id", "=", "host.id").on("agent.revoked_at_ms", "is", null))
    .select(["host.id", "host.name", "agent.id as agent_id"])
    .where("host.id", "=", hostId);
  if (scope.kind === "customer") query = query.where("host.customer", "=", scope.customer);
  const row = await query.executeTakeFirst();
  return row === undefined ? undefined : { id: row.id, name: row.name, hasAgent: row.agent_id !== null };
}

/** Of these hosts within scope, those whose own check can be run now, each with the host whose agent runs it. */
export async function findHostTargets(
  executor: Executor,
  scope: Scope,
  hostIds: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  if (hostIds.length === 0) return new Map();
  let query = executor
    .selectFrom("host_check")
    .innerJoin("host", "host.id", "host_check.host_id")
    .innerJoin("check_definition", "check_definition.id", "host_check.check_id")
    .select("host_check.host_id")
    .where("check_definition.is_enabled", "=", 1)
    .where("host_check.host_id", "in", hostIds);
  if (scope.kind === "customer") query = query.where("host.customer", "=", scope.customer);
  const rows = await query.execute();
  return await findRunners(
    executor,
    rows.map((row) => row.host_id),
  );
}
