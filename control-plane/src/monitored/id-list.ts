import { type RawBuilder, sql } from "kysely";
import type { Dialect } from "../database/dialect/dialect.ts";

/**
 * A list of ids for `x in ${idList(...)}`, of any length, without a placeholder for each: SQLite then has one statement text to prepare, and
 * MariaDB gets literals (integers, checked here), which its connector would make of placeholders anyway.
 */
export function idList(dialect: Dialect, ids: readonly number[]): RawBuilder<unknown> {
  const unsafe = ids.find((id) => !Number.isSafeInteger(id));
  if (unsafe !== undefined) throw new TypeError(`${unsafe} is not an id`);
  if (dialect.kind === "sqlite") return sql`(select value from json_each(${JSON.stringify(ids)}))`;
  return ids.length === 0 ? sql`(null)` : sql.raw(`(${ids.join(",")})`);
}

/** Ids in ascending order without repetition: rows locked in one order do not deadlock. */
export function sortedIds(ids: Iterable<number>): number[] {
  return [...new Set(ids)].sort((a, b) => a - b);
}

/** MariaDB turns longer lists into a temporary table, which costs more than a second query. */
export const idsPerQuery = 900;

export function chunksOf<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size));
  return chunks;
}
