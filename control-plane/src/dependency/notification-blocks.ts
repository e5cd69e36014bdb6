import type { Executor } from "../database/dialect/dialect.ts";
import type { DefinitionCache, MonitoredHost } from "../monitored/index.ts";
import { findHostConditions } from "../state-change/state-row-store.ts";
import { createDependencyJudge } from "./dependency-judge.ts";

/** Why nobody need be told of something, for what is wrong is something else. */
export interface NotificationBlock {
  readonly reason: "unreachable" | "dependency-failed";
  readonly message: string;
}

/** What a notification would be about. */
export interface NotificationSubject {
  readonly hostId: number;
  /** Null for the host itself. */
  readonly serviceName: string | null;
  /** The state it would tell of: `UNREACHABLE` is its parents' problem. */
  readonly state: string;
}

export interface NotificationBlocks {
  find(subject: NotificationSubject): NotificationBlock | null;
}

export type FindNotificationBlocks = (
  executor: Executor,
  subjects: readonly NotificationSubject[],
  nowMs: number,
) => Promise<NotificationBlocks>;

export const noNotificationBlocks: NotificationBlocks = { find: () => null };

/**
 * Makes what finds, for many subjects in few queries, the master or parent whose problem it really is. Read inside the transaction that decides, after
 * its states are written.
 */
export function createFindNotificationBlocks(definitions: DefinitionCache): FindNotificationBlocks {
  return async (executor, subjects, nowMs) => {
    if (subjects.length === 0) return noNotificationBlocks;
    const blocks = new Map<string, NotificationBlock>();
    const dependencies = await definitions.dependencies(executor);
    const unreachable = subjects.filter((subject) => subject.serviceName === null && subject.state === "UNREACHABLE");
    if (dependencies.all.length === 0 && unreachable.length === 0) return noNotificationBlocks;
    const hosts = await definitions.hostsById(executor, new Set(subjects.map(({ hostId }) => hostId)));
    const judge = await createDependencyJudge({ executor, definitions, nowMs });
    const asked = subjects.flatMap((subject) => {
      const host = hosts.get(subject.hostId);
      return host === undefined ? [] : [{ host, serviceName: subject.serviceName }];
    });
    await judge.prepare(asked, "notification");
    for (const { host, serviceName } of asked) {
      const blocking = await judge.findBlockingMaster({ host, serviceName }, "notification");
      if (blocking === null) continue;
      blocks.set(keyOf(host.id, serviceName), { reason: "dependency-failed", message: blocking.message });
    }
    for (const { hostId } of unreachable) {
      const host = hosts.get(hostId);
      if (host === undefined || blocks.has(keyOf(hostId, null))) continue;
      const message = await sayParents(executor, definitions, host);
      blocks.set(keyOf(hostId, null), { reason: "unreachable", message });
    }
    return { find: ({ hostId, serviceName }) => blocks.get(keyOf(hostId, serviceName)) ?? null };
  };
}

/** `reached through switch1, which is not UP` */
async function sayParents(executor: Executor, definitions: DefinitionCache, host: MonitoredHost): Promise<string> {
  const { parents } = host.settings;
  if (parents.length === 0) return `${host.name} was reported UNREACHABLE: what it is reached through is not UP`;
  const found = await definitions.hostsByName(executor, new Set(parents));
  const ids = [...found.values()].map(({ id }) => id);
  const conditions = await findHostConditions(executor, definitions.dialect, ids);
  const bad = [...found.values()].filter(({ id }) => conditions.get(id)?.isUp === false || conditions.get(id)?.isDown);
  const names = (bad.length === 0 ? parents : bad.map(({ name }) => name)).slice(0, 5);
  return `reached through ${names.join(", ")}, ${names.length === 1 ? "which is" : "which are"} not UP`;
}

function keyOf(hostId: number, serviceName: string | null): string {
  return `${hostId}\n${serviceName ?? ""}`;
}
