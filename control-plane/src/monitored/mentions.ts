import { type RawBuilder, type SqlBool, sql } from "kysely";
import { escapeLike } from "./escape-like.ts";

/** A definition that others may name. */
export interface Named {
  readonly kind: string;
  readonly name: string;
}

/** The condition that a column of JSON has a text somewhere; also true of some that differ in case. */
export function mentionsSql(column: string, text: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`${sql.ref(column)} like ${`%${escapeLike(JSON.stringify(text))}%`} escape '!'`;
}

/**
 * The condition that an object may name a definition, by its own settings or by the templates that it uses; `settings` and `id` are its columns, `use` is that of
 * `template_use` which points to it.
 */
export function mayNameSql(
  named: Named,
  { settings, id, use }: { readonly settings: string; readonly id: string; readonly use: string },
): RawBuilder<SqlBool> {
  if (named.kind !== "Template") return mentionsSql(settings, named.name);
  const isUsed = mentionsSql("template_use.uses_json", named.name);
  return sql<SqlBool>`${sql.ref(id)} in (select ${sql.ref(use)} from template_use where ${sql.ref(use)} is not null and ${isUsed})`;
}
