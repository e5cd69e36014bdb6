import { type RawBuilder, type SqlBool, sql } from "kysely";

/** The condition that every word of `q` stands somewhere in one of the columns, whatever the case. */
export function hasWords(q: string, columns: readonly string[]): RawBuilder<SqlBool> {
  const words = q.trim().split(/\s+/).slice(0, 8);
  const conditions = words.map((word) => {
    const pattern = `%${escapeLike(word.toLowerCase())}%`;
    const anywhere = columns.map((column) => sql`lower(${sql.ref(column)}) like ${pattern} escape '!'`);
    return sql`(${sql.join(anywhere, sql` or `)})`;
  });
  return sql<SqlBool>`(${sql.join(conditions, sql` and `)})`;
}

/** Text as LIKE ... ESCAPE '!' takes it literally. */
export function escapeLike(text: string): string {
  return text.replace(/[!%_]/g, "!$&");
}
