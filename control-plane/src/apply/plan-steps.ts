import type { ResourceKind } from "@mycloud/protocol/resource";
import { reachesServices } from "../check/store.ts";
import { writeOrder } from "../resource/carry-out.ts";
import type { PlannedChange } from "../resource/plan-changes.ts";
import type { ServiceEffect } from "./find-service-conflicts.ts";
import type { ApplyStep } from "./step.ts";
import { groupHosts, type TouchedHost } from "./touched-hosts.ts";

/** A step is read and decoded at once: so many changes take a millisecond or two. */
const changesInStep = 100;

/**
 * Puts a plan in the order in which it can be carried out: what goes first, so that its names are free; what others refer to before them; the services
 * that follow from hosts and checks at the end, when all of both are there. Pure.
 */
export function planSteps(
  planned: readonly PlannedChange[],
  { synced, cleared }: Pick<ServiceEffect, "synced" | "cleared">,
): ApplyStep[] {
  const steps: ApplyStep[] = [];
  const byKind = Map.groupBy(planned, ({ kind }) => kind);
  const of = (kind: ResourceKind, isWanted: (change: PlannedChange) => boolean) =>
    (byKind.get(kind) ?? []).filter(isWanted).map((change) => ({ ...change, fields: [] }));
  for (const groups of partsOf(groupHosts(cleared))) steps.push({ do: "clear-checks", groups });
  for (const kind of writeOrder.toReversed()) {
    for (const changes of partsOf(of(kind, isDeletion))) steps.push({ do: "delete", kind, changes });
  }
  for (const kind of writeOrder) {
    for (const changes of partsOf(of(kind, isWrite))) steps.push({ do: "write", kind, changes });
  }
  return [...steps, ...syncSteps(synced)];
}

/** Steps that give hosts the services of checks. Pure. */
export function syncSteps(synced: readonly TouchedHost[]): ApplyStep[] {
  return partsOf(groupHosts(synced)).map((groups) => ({ do: "sync-checks", groups }));
}

/** Whether a written host or check may have other services than before. Pure. */
export function reachesItsServices({ before, after }: PlannedChange): boolean {
  if (before === null || after === null) return true;
  if (before.kind === "Check" && after.kind === "Check") {
    return reachesServices({ ...before.spec, name: before.name }, { ...after.spec, name: after.name });
  }
  if (before.kind === "Host" && after.kind === "Host") {
    const { labels, groups } = before.spec;
    return JSON.stringify([labels, groups]) !== JSON.stringify([after.spec.labels, after.spec.groups]);
  }
  return true;
}

export function isWrite({ action }: Pick<PlannedChange, "action">): boolean {
  return action === "create" || action === "update";
}

function isDeletion({ action }: PlannedChange): boolean {
  return action === "delete";
}

function partsOf<T>(items: readonly T[]): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < items.length; at += changesInStep) parts.push(items.slice(at, at + changesInStep));
  return parts;
}
