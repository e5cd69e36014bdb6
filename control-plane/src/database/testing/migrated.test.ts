import assert from "node:assert/strict";
import { it } from "node:test";
import { CompiledQuery } from "kysely";
import type { ConnectedDatabase } from "../dialect/dialect.ts";
import { migrations } from "../migrations/index.ts";
import { forEachDialect } from "./dialects.ts";

/** Everything that makes up the tables, as the database tells it. */
async function describeTables({ db, dialect }: ConnectedDatabase): Promise<unknown[]> {
  const ask = async (sql: string) => (await db.executeQuery<Record<string, unknown>>(CompiledQuery.raw(sql))).rows;
  if (dialect.kind === "sqlite") {
    return [
      await ask("select type, name, sql from sqlite_master order by name"),
      await ask("select name from migration"),
    ];
  }
  const tables = await ask("select table_name as name from information_schema.tables where table_schema = database()");
  const described = tables.map(async ({ name }) =>
    Object.values((await ask(`show create table \`${name}\``))[0] ?? {}),
  );
  return [(await Promise.all(described)).sort(), await ask("select name from migration order by name")];
}

forEachDialect((_, open) => {
  it("a database that tests open is what migrations make of an empty one", async () => {
    const [made, migrated] = [await open(), await open({ migrations })];
    const tables = await describeTables(made);
    assert.ok(JSON.stringify(tables).length > 10_000);
    assert.deepEqual(tables, await describeTables(migrated));
  });
});
