import type { ResourceDefinition, ResourceKind } from "@mycloud/protocol/resource";
import { comparableZone } from "./zone-definition.ts";

/** What a definition is called in messages and answers: a service by its host, `web1/backup`. Pure. */
export function definitionName(definition: ResourceDefinition): string {
  return definition.kind === "Service" ? `${definition.host}/${definition.name}` : definition.name;
}

/** What makes a definition the same one: kind and name. Pure. */
export function definitionKey(definition: ResourceDefinition): string {
  return `${definition.kind} ${definitionName(definition)}`;
}

/** The spec with its fields in one form: lists whose order means nothing are sorted and without repetition. Pure. */
export function comparableSpec(definition: ResourceDefinition): Record<string, unknown> {
  switch (definition.kind) {
    case "NotificationRule":
      return {
        ...definition.spec,
        contacts: [...new Set(definition.spec.contacts)].sort(),
        states: [...new Set(definition.spec.states)].sort(),
      };
    case "Host":
      return { ...definition.spec, groups: [...new Set(definition.spec.groups)].sort() };
    case "Zone":
      return comparableZone(definition);
    default:
      return { ...definition.spec };
  }
}

/** How a sentence calls a kind: `notification rule`. Pure. */
export function titleOf(kind: ResourceKind): string {
  return kind.replace(/(?<=[a-z])[A-Z]/g, " $&").toLowerCase();
}
