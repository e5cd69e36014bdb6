import { isDeepStrictEqual } from "node:util";
import type { ResourceChange, ResourceDefinition, ResourceKind } from "@mycloud/protocol/resource";
import { comparableSpec, definitionKey, definitionName } from "./definition.ts";
import type { TemplateUse } from "./template-use.ts";
import { withKeptOf } from "./zone-definition.ts";

/** A change with the definitions it leads from and to. */
export interface PlannedChange extends ResourceChange {
  readonly before: ResourceDefinition | null;
  readonly after: ResourceDefinition | null;
  /** What `after` takes from templates; null when nothing. */
  readonly use: TemplateUse | null;
}

/** Who uses templates, by `definitionKey`. */
export interface Uses {
  readonly stored: ReadonlyMap<string, TemplateUse>;
  readonly wanted: ReadonlyMap<string, TemplateUse>;
}
const noUses: Uses = { stored: new Map(), wanted: new Map() };

/**
 * Compares what is stored with what is wanted: one change for each wanted definition in its order, then one for each stored one that has to
 * go because its kind is pruned. Names must be unique within each list. Pure.
 */
export function planChanges(
  stored: readonly ResourceDefinition[],
  wanted: readonly ResourceDefinition[],
  prune: readonly ResourceKind[],
  uses: Uses = noUses,
): PlannedChange[] {
  const storedByKey = new Map(stored.map((definition) => [definitionKey(definition), definition]));
  const wantedKeys = new Set(wanted.map(definitionKey));
  const changes = wanted.map((after): PlannedChange => {
    const key = definitionKey(after);
    const before = storedByKey.get(key) ?? null;
    const use = uses.wanted.get(key) ?? null;
    const fields = [...changedFields(before, after), ...changedUse(uses.stored.get(key) ?? null, use)];
    const isSame = before !== null && fields.length === 0;
    const action = before === null ? "create" : isSame ? "unchanged" : "update";
    return { kind: after.kind, name: definitionName(after), action, fields, before, after, use };
  });
  for (const before of stored) {
    if (!prune.includes(before.kind) || wantedKeys.has(definitionKey(before))) continue;
    const fields = changedFields(before, null);
    const name = definitionName(before);
    changes.push({ kind: before.kind, name, action: "delete", fields, before, after: null, use: null });
  }
  return changes;
}

/** The fields that differ, each with its values; of a definition that comes or goes all of them. Pure. */
export function changedFields(
  before: ResourceDefinition | null,
  after: ResourceDefinition | null,
): ResourceChange["fields"] {
  const old = before === null ? {} : comparableSpec(before);
  const next = after === null ? {} : comparableSpec(asKept(before, after));
  const names = [...new Set([...Object.keys(old), ...Object.keys(next)])];
  return names
    .filter((name) => !isDeepStrictEqual(old[name], next[name]))
    .map((name) => ({ field: `spec.${name}`, before: old[name] ?? null, after: next[name] ?? null }));
}

/** What a definition leaves as it is counts as it is. */
function asKept(before: ResourceDefinition | null, after: ResourceDefinition): ResourceDefinition {
  return before?.kind === "Zone" && after.kind === "Zone" ? withKeptOf(after, before) : after;
}

/** Which templates are used, and which fields are an object's own, where its fields as they are say nothing of it. */
function changedUse(before: TemplateUse | null, after: TemplateUse | null): ResourceChange["fields"] {
  const fields: ResourceChange["fields"] = [];
  const [old, next] = [before?.uses ?? [], after?.uses ?? []];
  if (!isDeepStrictEqual(old, next)) fields.push({ field: "uses", before: old, after: next });
  if (before === null || after === null) return fields;
  for (const name of new Set([...Object.keys(before.own), ...Object.keys(after.own)])) {
    if (!isDeepStrictEqual(before.own[name], after.own[name]))
      fields.push({ field: `own ${name}`, before: before.own[name] ?? null, after: after.own[name] ?? null });
  }
  return fields;
}
