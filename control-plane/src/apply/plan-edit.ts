import type { InputIssue } from "@mycloud/protocol/error";
import { ResourceDefinition, resourceKinds } from "@mycloud/protocol/resource";
import { z } from "zod";
import { ConflictError } from "../error/index.ts";
import { definitionKey, definitionName, titleOf } from "../resource/definition.ts";
import { findReferenceFaults } from "../resource/find-reference-faults.ts";
import { changedFields, type PlannedChange } from "../resource/plan-changes.ts";
import type { StoredDefinitions } from "../resource/stored-definitions.ts";
import { templatesAmong, useAsEdited } from "../resource/template-use.ts";

/** One definition that somebody writes by its id, as the console does: unlike one in a file it may get another name, and what it uses stays as it is. */
export const Edit = z.object({
  kind: z.enum(resourceKinds),
  /** Null: it is new. */
  id: z.number().int().nullable(),
  /** What it shall be; null: it goes. */
  definition: ResourceDefinition.nullable(),
});
export type Edit = z.infer<typeof Edit>;

/** What an edit comes to, and what is wrong with it. Throws ConflictError when what it is about is gone, or its name taken. Pure. */
export function planEdit(
  { kind, id, definition: after }: Edit,
  stored: StoredDefinitions,
  commands: ReadonlySet<string>,
): { readonly planned: PlannedChange[]; readonly issues: InputIssue[] } {
  const before = id === null ? null : findStored(stored, kind, id);
  const subject = after ?? before;
  if (subject === null || (id !== null && before === null)) {
    throw new ConflictError(`${titleOf(kind)} ${id} is gone; somebody else deleted it at the same time`);
  }
  const isRenamed = before !== null && after !== null && definitionKey(before) !== definitionKey(after);
  if (after !== null && (before === null || isRenamed) && stored.ids.has(definitionKey(after))) {
    const issues = [{ field: "name", value: after.name, message: "is taken" }];
    throw new ConflictError(`there is a ${titleOf(kind)} named "${after.name}" already`, issues);
  }
  const used = before === null ? undefined : stored.uses.get(definitionKey(before));
  const use =
    after === null || used === undefined ? null : useAsEdited(after, used, templatesAmong(stored.definitions));
  const fields = changedFields(before, after);
  const action = before === null ? "create" : after === null ? "delete" : "update";
  const change = { kind, name: definitionName(subject), action, fields, before, after, use } as const;
  const planned = [fields.length === 0 && !isRenamed ? ({ ...change, action: "unchanged" } as const) : change];
  return { planned, issues: findReferenceFaults(planned, stored.definitions, commands) };
}

function findStored({ definitions, ids }: StoredDefinitions, kind: string, id: number): ResourceDefinition | null {
  return definitions.find((one) => one.kind === kind && ids.get(definitionKey(one)) === id) ?? null;
}
