import type { InputIssue } from "@mycloud/protocol/error";
import { ResourceDefinition, resourceKinds } from "@mycloud/protocol/resource";
import { inputIssuesOf } from "../http/input-issues.ts";
import { definitionKey } from "./definition.ts";
import { normaliseZoneDefinition } from "./zone-definition.ts";

export interface ParsedDefinitions {
  readonly definitions: ResourceDefinition[];
  /** Every fault of every item; `field` says in which: `Check disk: spec.timeoutSeconds`. */
  readonly issues: InputIssue[];
}

/** Parses definitions one by one, so that one fault hides no other, and finds those given twice. Pure. */
export function parseDefinitions(items: readonly unknown[]): ParsedDefinitions {
  const definitions: ResourceDefinition[] = [];
  const issues: InputIssue[] = [];
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    const label = labelOf(item, index);
    const kind = property(item, "kind");
    if (!resourceKinds.some((known) => known === kind)) {
      issues.push({
        field: `${label}: kind`,
        value: typeof kind === "string" ? JSON.stringify(kind) : "missing",
        message: `expected one of ${resourceKinds.join(", ")}`,
      });
      continue;
    }
    const parsed = ResourceDefinition.safeParse(item);
    if (!parsed.success) {
      for (const issue of inputIssuesOf(parsed.error, item)) {
        issues.push({ ...issue, field: `${label}: ${issue.field}` });
      }
      continue;
    }
    const { definition, issues: more } = normalised(parsed.data);
    for (const issue of more) issues.push({ ...issue, field: `${label}: ${issue.field}` });
    if (more.length > 0) continue;
    const key = definitionKey(definition);
    if (seen.has(key)) issues.push({ field: label, message: "is defined twice" });
    seen.add(key);
    definitions.push(definition);
  }
  return { definitions, issues };
}

/** In the form in which it is stored, where that is another than the one in which it may be written. */
function normalised(definition: ResourceDefinition): {
  readonly definition: ResourceDefinition;
  readonly issues: readonly InputIssue[];
} {
  return definition.kind === "Zone" ? normaliseZoneDefinition(definition) : { definition, issues: [] };
}

/** What an item calls itself, as far as it can be told: `Check disk`, `Service web1/backup`, `resource 3`. */
function labelOf(item: unknown, index: number): string {
  const kind = property(item, "kind");
  const name = property(item, "name");
  if (typeof kind !== "string" || typeof name !== "string") return `resource ${index + 1}`;
  const host = property(item, "host");
  return `${kind.slice(0, 40)} ${typeof host === "string" ? `${host.slice(0, 255)}/` : ""}${name.slice(0, 255)}`;
}

function property(item: unknown, name: string): unknown {
  return typeof item === "object" && item !== null ? Reflect.get(item, name) : undefined;
}
