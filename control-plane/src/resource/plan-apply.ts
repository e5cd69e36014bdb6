import { isDeepEqual } from "@mycloud/protocol/definition";
import type { InputIssue } from "@mycloud/protocol/error";
import type { ResourceDefinition, ResourceKind } from "@mycloud/protocol/resource";
import { definitionKey } from "./definition.ts";
import { expandTemplates } from "./expand-templates.ts";
import { findReferenceFaults } from "./find-reference-faults.ts";
import { parseDefinitions } from "./parse-definitions.ts";
import { type PlannedChange, planChanges } from "./plan-changes.ts";
import type { StoredDefinitions } from "./stored-definitions.ts";
import { type Templates, templatedDefinition, templatesAmong, usesAnyOf } from "./template-use.ts";

/**
 * What an apply comes to: a change for each item, for each definition pruned, and for each object whose templates change with it; and everything that is
 * wrong with it. `commands` are the check commands there are, null to take them as given. Pure.
 */
export function planApply(
  items: readonly unknown[],
  prune: readonly ResourceKind[],
  stored: StoredDefinitions,
  commands: ReadonlySet<string> | null,
): { readonly planned: PlannedChange[]; readonly issues: InputIssue[] } {
  const before = templatesAmong(stored.definitions);
  const after = new Map([...before, ...templatesAmong(parseDefinitions(items).definitions)]);
  const own = expandTemplates(items, after);
  const { definitions, issues } = parseDefinitions(own.items);
  const keys = new Set(definitions.map(definitionKey));
  const named = new Set([...keys, ...own.uses.keys()]);
  const users = usersOfChanged(before, after, prune, stored, named);
  const theirs = expandTemplates(users, after);
  const expanded = parseDefinitions(theirs.items);
  const uses = { stored: stored.uses, wanted: new Map([...own.uses, ...theirs.uses]) };
  const direct = planChanges(stored.definitions, definitions, prune, uses);
  const followed = planChanges(stored.definitions, expanded.definitions, [], uses);
  const deleted = new Set(direct.flatMap(({ action, kind, name }) => (action === "delete" ? [`${kind} ${name}`] : [])));
  const follow = followed.filter(
    ({ action, after: one }) => action === "update" && !(one?.kind === "Service" && deleted.has(`Host ${one.host}`)),
  );
  const planned = [...direct, ...follow];
  return {
    planned,
    issues: [
      ...own.issues,
      ...issues,
      ...theirs.issues,
      ...expanded.issues,
      ...findReferenceFaults(planned, stored.definitions, commands),
      ...deletedWhileUsed(deleted, planned, stored),
    ],
  };
}

/** Stored objects, as files have them, that use a template which is not as it was, and that this apply says nothing else of. */
function usersOfChanged(
  before: Templates,
  after: Templates,
  prune: readonly ResourceKind[],
  { definitions, uses }: StoredDefinitions,
  named: ReadonlySet<string>,
): unknown[] {
  const changed = [...after].filter(([name, template]) => {
    const old = before.get(name);
    return old !== undefined && !isDeepEqual(old, template);
  });
  if (changed.length === 0 || uses.size === 0) return [];
  const names = new Set(changed.map(([name]) => name));
  return definitions.flatMap((definition) => {
    const key = definitionKey(definition);
    const use = uses.get(key);
    if (use === undefined || named.has(key) || prune.includes(definition.kind)) return [];
    return usesAnyOf(use.uses, names, before) || usesAnyOf(use.uses, names, after)
      ? [templatedDefinition(definition, use)]
      : [];
  });
}

/** Templates that go while something that stays uses them. */
function deletedWhileUsed(
  deleted: ReadonlySet<string>,
  planned: readonly PlannedChange[],
  { definitions, uses }: StoredDefinitions,
): InputIssue[] {
  const templates = new Set([...deleted].flatMap((key) => /^Template (.*)$/s.exec(key)?.[1] ?? []));
  if (templates.size === 0) return [];
  const using = new Map<string, readonly string[]>(
    definitions.map((definition) => [
      definitionKey(definition),
      usesOf(definition, uses.get(definitionKey(definition))),
    ]),
  );
  for (const { after, use } of planned) {
    if (after !== null) using.set(definitionKey(after), usesOf(after, use ?? undefined));
  }
  return [...templates].flatMap((name) => {
    const users = [...using].filter(([key, names]) => !deleted.has(key) && names.includes(name)).map(([key]) => key);
    if (users.length === 0) return [];
    const more = users.length > 3 ? ` and ${users.length - 3} more` : "";
    return [{ field: `Template ${name}`, message: `cannot be deleted: ${users.slice(0, 3).join(", ")}${more} use it` }];
  });
}

function usesOf(definition: ResourceDefinition, use: { readonly uses: readonly string[] } | undefined) {
  return definition.kind === "Template" ? definition.spec.uses : (use?.uses ?? []);
}
