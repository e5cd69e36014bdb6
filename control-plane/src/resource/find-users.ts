import type { ResourceKind, UsedBy } from "@mycloud/protocol/resource";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { findReferences } from "../definition/find-references.ts";
import { ConflictError } from "../error/index.ts";
import { everything } from "../scope/index.ts";
import { definitionKey, definitionName, titleOf } from "./definition.ts";
import { findStoredDefinitions } from "./stored-definitions.ts";

/** The definitions that name this one, by kind and name; itself left out. Looks through all definitions: for people, not for loops. */
export async function findUsers(
  executor: Executor,
  dialect: Dialect,
  kind: ResourceKind,
  name: string,
): Promise<UsedBy[]> {
  const { definitions, ids, uses } = await findStoredDefinitions(executor, dialect, everything, { kind, name });
  return definitions.flatMap((definition) => {
    const key = definitionKey(definition);
    const id = ids.get(key);
    if (id === undefined || key === `${kind} ${name}`) return [];
    const templates = (uses.get(key)?.uses ?? []).map((used) => ({ kind: "Template", name: used, field: "uses" }));
    return [...findReferences(definition), ...templates]
      .filter((reference) => reference.kind === kind && reference.name === name)
      .map(({ field }) => ({
        kind: definition.kind,
        id,
        name: definitionName(definition),
        field: field.replace(/^spec\./, ""),
      }));
  });
}

const named = 5;

/** Throws ConflictError when definitions name this one; `verb` is what is therefore refused: "deleted". */
export async function refuseUsed(
  tx: Executor,
  dialect: Dialect,
  kind: ResourceKind,
  name: string,
  verb: "deleted" | "renamed",
): Promise<void> {
  const users = await findUsers(tx, dialect, kind, name);
  if (users.length === 0) return;
  const words = [...new Set(users.map((user) => `${titleOf(user.kind)} "${user.name}" (${user.field})`))];
  const more = words.length > named ? ` and ${words.length - named} more` : "";
  const issues = users.slice(0, 100).map((user) => ({
    field: `${user.kind} ${user.name}: ${user.field}`,
    message: `names ${titleOf(kind)} "${name}"`,
  }));
  throw new ConflictError(
    `${titleOf(kind)} "${name}" cannot be ${verb}: it is used by ${words.slice(0, named).join(", ")}${more}; change them first`,
    issues,
  );
}
