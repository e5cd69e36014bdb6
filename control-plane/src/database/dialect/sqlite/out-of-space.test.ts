import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { sql } from "kysely";
import { pino } from "pino";
import { connectDatabase } from "../../connect-database.ts";

test("a full SQLite database is out of space, keeps what it has, and goes on when there is room", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "mycloud-full-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const database = await connectDatabase(join(directory, "full.sqlite"), pino({ level: "silent" }));
  t.after(() => database.close());
  const { db, dialect } = database;
  await sql`create table setting (name text primary key, value text)`.execute(db);
  const write = (name: string) =>
    database.transaction((tx) => dialect.insertMany(tx, "setting", ["name", "value"], [[name, "x".repeat(100_000)]]));
  await write("before");
  await sql`pragma max_page_count = 60`.execute(db);

  let refusal: unknown;
  for (let attempt = 0; attempt < 10 && refusal === undefined; attempt++) {
    await write(`filler ${attempt}`).catch((error: unknown) => {
      refusal = error;
    });
  }
  assert.ok(dialect.isOutOfSpace(refusal), String(refusal));
  assert.equal(dialect.isTransient(refusal), false);

  await sql`pragma max_page_count = 6000`.execute(db);
  await write("after");
  const rows = await db.selectFrom("setting").select("name").where("name", "in", ["before", "after"]).execute();
  assert.equal(rows.length, 2);
});
