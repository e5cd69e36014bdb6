import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClickHouseClient } from "./client.ts";
import { createTables } from "./schema.ts";

/** A server that has a list of settings with these in it, or none at all. */
async function statementsFor(settings: readonly string[] | null): Promise<string[]> {
  const statements: string[] = [];
  const client: ClickHouseClient = {
    async query<Row>(sql: string) {
      const names = sql.includes("from system.tables") ? (settings === null ? [] : ["merge_tree_settings"]) : settings;
      const rows: unknown[] = (names ?? []).map((name) => ({ name }));
      return rows as Row[];
    },
    async run(sql) {
      statements.push(sql);
    },
  };
  await createTables(client, "logs");
  return statements.filter((sql) => sql.startsWith("alter"));
}

test("a server that can is asked to have inserts on the disk before it answers, others are left alone", async () => {
  assert.deepEqual(await statementsFor(["fsync_after_insert", "fsync_part_directory"]), [
    "alter table logs.log_record modify setting fsync_after_insert = 1, fsync_part_directory = 1",
    "alter table logs.log_chunk modify setting fsync_after_insert = 1, fsync_part_directory = 1",
  ]);
  assert.deepEqual(await statementsFor([]), []);
  assert.deepEqual(await statementsFor(null), []);
});
