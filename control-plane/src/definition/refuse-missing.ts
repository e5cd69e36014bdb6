import type { ResourceDefinition } from "@mycloud/protocol/resource";
import type { Executor } from "../database/dialect/dialect.ts";
import { InputError } from "../error/index.ts";
import { findReferences } from "./find-references.ts";

/** Throws InputError, naming each, when a definition names what does not exist. */
export async function refuseMissing(tx: Executor, definition: ResourceDefinition): Promise<void> {
  const issues = [];
  for (const reference of findReferences(definition)) {
    if (reference.kind === definition.kind && reference.name === definition.name) continue;
    if (await exists(tx, reference.kind, reference.name)) continue;
    const field = reference.field.replace(/^spec\./, "");
    const message = `there is no ${reference.kind} of this name`;
    issues.push({ field, value: JSON.stringify(reference.name), message });
  }
  const [first] = issues;
  if (first !== undefined) throw new InputError(`${first.field} is ${first.value}; ${first.message}`, issues);
}

async function exists(tx: Executor, kind: string, name: string): Promise<boolean> {
  const table = kind === "Host" ? "host" : kind === "Contact" ? "contact" : "definition";
  const rows = tx.selectFrom(table).select("id").where("name", "=", name);
  const found = await (table === "definition"
    ? rows.where("kind" as never, "=", kind as never)
    : rows
  ).executeTakeFirst();
  return found !== undefined;
}
