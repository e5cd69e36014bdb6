import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { it } from "node:test";
import { CompiledQuery } from "kysely";
import { pino } from "pino";
import { migrate, NewerDatabaseError } from "./migrate.ts";
import { migrations } from "./migrations/index.ts";
import type { Database } from "./schema.ts";
import { forEachDialect } from "./testing/dialects.ts";

const logger = pino({ level: "silent" });
const addShoeSize = {
  name: "2999-01-01-0000-add-shoe-size",
  up: async (ddl: { run(statement: string): Promise<void> }) => {
    await ddl.run("create table if not exists shoe (id ID, size INT not null) TABLE_OPTIONS");
  },
};

forEachDialect((dialect, open) => {
  it("an empty database gets every table of the schema", async () => {
    const { db } = await open();
    const tables = (await db.introspection.getTables()).map((table) => table.name);
    const expected: (keyof Database)[] = ["user", "host", "service", "check_result", "notification", "comment"];
    for (const name of expected) assert.ok(tables.includes(name), name);
  });

  it("every table has a primary key, which Galera needs", async () => {
    const { db } = await open();
    for (const { name } of await db.introspection.getTables()) {
      const { rows } = await db.executeQuery<{ keyed: number }>(
        CompiledQuery.raw(
          dialect === "sqlite"
            ? `select count(*) as keyed from pragma_table_info('${name}') where pk > 0`
            : `select count(*) as keyed from information_schema.statistics where table_schema = database() and table_name = '${name}' and index_name = 'PRIMARY'`,
        ),
      );
      assert.ok((rows[0]?.keyed ?? 0) > 0, name);
    }
  });

  it("migrations run once, and again without harm when the record of them is lost", async () => {
    const database = await open();
    await migrate(database, { logger });
    await database.db.insertInto("setting").values({ name: "kept", value: "yes" }).execute();
    await database.db.executeQuery(CompiledQuery.raw("delete from migration"));
    await migrate(database, { logger });
    const setting = await database.db.selectFrom("setting").selectAll().executeTakeFirstOrThrow();
    assert.equal(setting.value, "yes");
  });

  it("a database that a newer program has migrated is refused by name, and left alone", async () => {
    const database = await open({ migrations: [...migrations, addShoeSize] });
    await assert.rejects(migrate(database, { logger }), (error: unknown) => {
      assert.ok(error instanceof NewerDatabaseError);
      assert.match(error.message, /2999-01-01-0000-add-shoe-size/);
      assert.ok(error.message.includes(`newest known here is ${migrations.at(-1)?.name}`), error.message);
      return true;
    });
  });

  it("each migration keeps the rows that were there before it", async () => {
    const before = migrations.slice(0, 2);
    const database = await open({ migrations: before });
    await database.db
      .insertInto("user")
      .values({
        email: "ann@example.org",
        name: "Ann",
        role: "admin",
        customer: null,
        password_hash: "x",
        is_disabled: 0,
        last_login_at_ms: null,
        created_at_ms: 1_700_000_000_000,
        updated_at_ms: 1_700_000_000_000,
      })
      .execute();
    await migrate(database, { logger });
    const user = await database.db.selectFrom("user").selectAll().executeTakeFirstOrThrow();
    assert.equal(user.email, "ann@example.org");
    assert.equal(user.created_at_ms, 1_700_000_000_000);
  });

  it("several control planes that start at once migrate once", async () => {
    const first = await open({ migrations: null });
    const location = open.location();
    const others = await Promise.all([1, 2].map(() => open({ migrations: null, location })));
    await Promise.all([first, ...others].map((database) => migrate(database, { logger })));
    assert.equal(await count(first), migrations.length);
  });

  if (dialect === "sqlite") {
    it("the file is copied before each migration that finds data, and the newest three copies are kept", async () => {
      let known = migrations.slice(0, 3);
      const database = await open({ migrations: known });
      for (const next of migrations.slice(3, 8)) {
        known = [...known, next];
        await migrate(database, { logger, migrations: known });
      }
      const file = open.location();
      const copies = (await readdir(dirname(file))).filter((name) => name.startsWith(`${basename(file)}.before-`));
      assert.deepEqual(
        copies.sort(),
        migrations.slice(5, 8).map((migration) => `${basename(file)}.before-${migration.name}`),
      );
    });
  }

  async function count(database: Awaited<ReturnType<typeof open>>): Promise<number> {
    const { rows } = await database.db.executeQuery<{ n: number }>(
      CompiledQuery.raw("select count(*) as n from migration"),
    );
    return rows[0]?.n ?? 0;
  }
});
