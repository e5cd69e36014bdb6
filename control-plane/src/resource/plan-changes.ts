import { isDeepStrictEqual } from "node:util";
import type { ResourceChange, ResourceDefinition, ResourceKind } from "@mycloud/protocol/resource";
import { comparableSpec, definitionKey, definitionName } from "./definition.ts";

/** A change with the definitions it leads from and to. */
export interface PlannedChange extends ResourceChange {
  readonly before: ResourceDefinition | null;
  readonly after: ResourceDefinition | null;
}

/**
 * Compares what is stored with what is wanted: one change for each wanted definition in its order, then one for each stored one that has to
 * go because its kind is pruned. Names must be unique within each list. Pure.
 */
export function planChanges(
  stored: readonly ResourceDefinition[],
  wanted: readonly ResourceDefinition[],
  prune: readonly ResourceKind[],
): PlannedChange[] {
  const storedByKey = new Map(stored.map((definition) => [definitionKey(definition), definition]));
  const wantedKeys = new Set(wanted.map(definitionKey));
  const changes = wanted.map((after): PlannedChange => {
    const before = storedByKey.get(definitionKey(after)) ?? null;
    const fields = changedFields(before, after);
    const isSame = before !== null && fields.length === 0;
    const action = before === null ? "create" : isSame ? "unchanged" : "update";
    return { kind: after.kind, name: definitionName(after), action, fields, before, after };
  });
  for (const before of stored) {
    if (!prune.includes(before.kind) || wantedKeys.has(definitionKey(before))) continue;
    const fields = changedFields(before, null);
    changes.push({ kind: before.kind, name: definitionName(before), action: "delete", fields, before, after: null });
  }
  return changes;
}

function changedFields(before: ResourceDefinition | null, after: ResourceDefinition | null): ResourceChange["fields"] {
  const old = before === null ? {} : comparableSpec(before);
  const next = after === null ? {} : comparableSpec(after);
  const names = [...new Set([...Object.keys(old), ...Object.keys(next)])];
  return names
    .filter((name) => !isDeepStrictEqual(old[name], next[name]))
    .map((name) => ({ field: `spec.${name}`, before: old[name] ?? null, after: next[name] ?? null }));
}
