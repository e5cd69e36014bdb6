import {
  type Fields,
  inheritedFields,
  isDeepEqual,
  joinFields,
  ownAfterEdit,
  plainFields,
  type TemplateFields,
} from "@mycloud/protocol/definition";
import { ResourceDefinition, TemplatedDefinition } from "@mycloud/protocol/resource";
import { comparableSpec } from "./definition.ts";

export type Templates = ReadonlyMap<string, TemplateFields>;

/** The templates a definition uses, and the fields that are its own. */
export interface TemplateUse {
  readonly uses: readonly string[];
  readonly own: Fields;
}

/** The templates among definitions, by name. Pure. */
export function templatesAmong(definitions: readonly ResourceDefinition[]): Map<string, TemplateFields> {
  const templates = definitions.filter((definition) => definition.kind === "Template");
  return new Map(templates.map(({ name, spec }) => [name, spec]));
}

/**
 * A use as it is now: what was changed on the object itself since (in the console, over the API) has become its own. `stored` is the object with
 * all its fields. Pure.
 */
export function useAsEdited(stored: ResourceDefinition, { uses, own }: TemplateUse, templates: Templates): TemplateUse {
  const inherited = inheritedFields(stored.kind, uses, templates);
  const expanded = ResourceDefinition.safeParse({ ...stored, spec: plainFields(joinFields(own, inherited)) });
  const wanted = comparableSpec(stored);
  const there = expanded.success ? comparableSpec(expanded.data) : {};
  const changed = Object.keys(wanted).filter((name) => !isDeepEqual(wanted[name], there[name]));
  return { uses, own: changed.length === 0 ? own : ownAfterEdit(own, wanted, inherited, changed) };
}

/** A definition with a use as files have it. Pure. */
export function templatedDefinition(definition: ResourceDefinition, { uses, own }: TemplateUse): TemplatedDefinition {
  return TemplatedDefinition.parse({ ...definition, uses, spec: own });
}

/** Whether one of these templates is used, at once or by way of others. Pure. */
export function usesAnyOf(uses: readonly string[], names: ReadonlySet<string>, templates: Templates): boolean {
  const seen = new Set<string>();
  const reach = (list: readonly string[]): boolean =>
    list.some((name) => {
      if (names.has(name)) return true;
      if (seen.has(name)) return false;
      seen.add(name);
      return reach(templates.get(name)?.uses ?? []);
    });
  return reach(uses);
}
