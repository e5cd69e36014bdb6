import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import fc from "fast-check";
import { forEachDialect } from "../testing/dialects.ts";
import type { ConnectedDatabase, Row } from "./dialect.ts";
import { chunkRows } from "./mariadb/mariadb-dialect.ts";

describe("chunks of rows", () => {
  const row = fc.oneof(
    fc.integer({ min: 0, max: 9 }).map((number): Row => [number]),
    fc.integer({ min: 1, max: 4_000_000 }).map((length): Row => ["x".repeat(length)]),
  );

  it("keep all rows, in order, within the rows and characters a statement takes", () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (rows, mostRows) => {
        const chunks = chunkRows(rows, mostRows);
        assert.deepEqual(chunks.flat(), rows);
        for (const chunk of chunks) {
          assert.ok(chunk.length > 0 && chunk.length <= mostRows);
          const characters = chunk.reduce((sum, [value]) => sum + String(value).length, 0);
          assert.ok(chunk.length === 1 || characters <= 3_000_000);
        }
      }),
      { numRuns: 30 },
    );
  });
});

forEachDialect((_kind, open) => {
  let database: ConnectedDatabase;
  before(async () => {
    database = await open();
  });
  const settings = async () =>
    Object.fromEntries(
      (await database.db.selectFrom("setting").selectAll().execute()).map((row) => [row.name, row.value]),
    );

  it("many rows go in at once and come back as they were, whatever their characters", async () => {
    const values = [
      "",
      "'; drop table setting; --",
      "\u0000a",
      "😀 ünïcode",
      "line\nline",
      "\\",
      "<b>",
      "x".repeat(70_000),
    ];
    const rows = Array.from({ length: 2345 }, (_, index) => [`k${index}`, values[index % values.length] ?? ""]);
    await database.transaction((tx) => database.dialect.insertMany(tx, "setting", ["name", "value"], rows));
    assert.deepEqual(await settings(), Object.fromEntries(rows));
  });

  it("names differ by case, by accent and by a space at the end", async () => {
    const rows = ["web", "Web", "wéb", "web "].map((name) => [name, name]);
    await database.dialect.insertMany(database.db, "setting", ["name", "value"], rows);
    for (const [name] of rows) assert.equal((await settings())[name!], name);
    const found = await database.db.selectFrom("setting").select("value").where("name", "=", "WEB").execute();
    assert.equal(found.length, 0);
  });

  it("inserted rows get ids in their order", async () => {
    const entries = Array.from({ length: 1234 }, (_, index) => [index, "system", "system", `action${index}`, "test"]);
    const ids = await database.dialect.insertManyReturningIds(
      database.db,
      "audit_entry",
      ["at_ms", "actor_kind", "actor_name", "action", "resource_kind"],
      entries,
    );
    const stored = await database.db.selectFrom("audit_entry").select(["id", "action"]).orderBy("id").execute();
    assert.deepEqual(
      stored.map((row) => row.id),
      ids,
    );
    assert.deepEqual(
      stored.map((row) => row.action),
      entries.map((entry) => entry[3]),
    );
  });

  it("an upsert overwrites what is there, and with no columns to update leaves it alone", async () => {
    const { dialect, db } = database;
    await dialect.upsertMany(
      db,
      "setting",
      ["name", "value"],
      [
        ["u1", "a"],
        ["u2", "a"],
      ],
      ["name"],
    );
    await dialect.upsertMany(
      db,
      "setting",
      ["name", "value"],
      [
        ["u2", "b"],
        ["u3", "b"],
        ["u3", "c"],
      ],
      ["name"],
    );
    await dialect.upsertMany(
      db,
      "setting",
      ["name", "value"],
      [
        ["u1", "z"],
        ["u4", "z"],
      ],
      ["name"],
      [],
    );
    const { u1, u2, u3, u4 } = await settings();
    assert.deepEqual([u1, u2, u3, u4], ["a", "b", "c", "z"]);
  });

  it("an upsert that adds sums what several writers bring", async () => {
    const { dialect, db } = database;
    for (const failures of [1, 2, 3]) {
      const row = { id: "account:a", failures, first_failed_at_ms: failures, blocked_until_ms: 0 };
      await dialect.upsertAdding(db, "login_throttle", row, ["id"], ["failures"]);
    }
    const stored = await db.selectFrom("login_throttle").selectAll().executeTakeFirstOrThrow();
    assert.deepEqual([stored.failures, stored.first_failed_at_ms], [6, 3]);
  });

  it("a row is inserted once, also inside a transaction that goes on", async () => {
    const inserted = await database.transaction(async (tx) => {
      const first = await database.dialect.insertIfAbsent(tx, "setting", { name: "once", value: "1" });
      const second = await database.dialect.insertIfAbsent(tx, "setting", { name: "once", value: "2" });
      return [first, second];
    });
    assert.deepEqual(inserted, [true, false]);
    assert.equal((await settings()).once, "1");
  });

  it("a taken key and a missing parent are told apart", async () => {
    const { db, dialect } = database;
    const insert = () => db.insertInto("setting").values({ name: "taken", value: "" }).execute();
    await insert();
    await assert.rejects(
      insert(),
      (error: unknown) => dialect.isUniqueViolation(error) && !dialect.isForeignKeyViolation(error),
    );
    const orphan = db.insertInto("host_label").values({ host_id: 999_999, label: "a", value: "b" }).execute();
    await assert.rejects(
      orphan,
      (error: unknown) => dialect.isForeignKeyViolation(error) && !dialect.isUniqueViolation(error),
    );
  });

  it("a failed transaction leaves nothing behind and the connection usable", async () => {
    const failed = database.transaction(async (tx) => {
      await tx.insertInto("setting").values({ name: "half", value: "" }).execute();
      throw new Error("stop");
    });
    await assert.rejects(failed, /stop/);
    assert.equal((await settings()).half, undefined);
  });

  it("concurrent transactions that read and then write lose no update", async () => {
    const { db, dialect } = database;
    await db.insertInto("setting").values({ name: "counter", value: "0" }).execute();
    const increase = () =>
      database.transaction(async (tx) => {
        const row = await tx
          .selectFrom("setting")
          .selectAll()
          .where("name", "=", "counter")
          .modifyEnd(dialect.forUpdate)
          .executeTakeFirstOrThrow();
        await tx
          .updateTable("setting")
          .set({ value: String(Number(row.value) + 1) })
          .where("name", "=", "counter")
          .execute();
      });
    await Promise.all(Array.from({ length: 20 }, increase));
    assert.equal((await settings()).counter, "20");
  });

  it("a transaction that deadlocks runs again", async () => {
    const { db, dialect } = database;
    await dialect.upsertMany(
      db,
      "setting",
      ["name", "value"],
      [
        ["d1", "0"],
        ["d2", "0"],
      ],
      ["name"],
    );
    const touch = (first: string, second: string) =>
      database.transaction(async (tx) => {
        await tx.updateTable("setting").set({ value: "1" }).where("name", "=", first).execute();
        await new Promise((resolve) => setTimeout(resolve, 50));
        await tx.updateTable("setting").set({ value: "1" }).where("name", "=", second).execute();
      });
    await Promise.all([touch("d1", "d2"), touch("d2", "d1")]);
    const stored = await settings();
    assert.deepEqual([stored.d1, stored.d2], ["1", "1"]);
  });

  it("counts and sums arrive as numbers", async () => {
    const { n, sum } = await database.db
      .selectFrom("login_throttle")
      .select((eb) => [eb.fn.countAll<number>().as("n"), eb.fn.sum<number>("failures").as("sum")])
      .executeTakeFirstOrThrow();
    assert.deepEqual([n, sum], [1, 6]);
  });
});
