import assert from "node:assert/strict";
import { before, it } from "node:test";
import { ListQuery } from "@mycloud/protocol/list";
import { z } from "zod";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { InputError } from "../error/index.ts";
import { hasWords, isOneOf, readList } from "./list-query.ts";

const filterSchema = z.strictObject({
  id: z.union([z.number(), z.array(z.number())]).optional(),
  q: z.string().optional(),
  customer: z.string().nullable().optional(),
});

forEachDialect((_dialect, open) => {
  let database: ConnectedDatabase;
  const list = (query: Record<string, unknown>) =>
    readList({
      query: ListQuery.parse(query),
      filterSchema,
      from: database.db.selectFrom("host").leftJoin("host_state", "host_state.host_id", "host.id"),
      select: (rows) => rows.select(["host.id", "host.name", "host_state.state"]),
      sortable: { name: "host.name", customer: "host.customer" },
      defaultSort: "name",
      idColumn: "host.id",
      filters: {
        id: (eb, id) => isOneOf(eb, "host.id", id),
        q: (eb, words) => hasWords(eb, ["host.name", "host.notes"], words),
        customer: (eb, customer) =>
          customer === null ? eb("host.customer", "is", null) : eb("host.customer", "=", customer),
      },
      toItem: (row) => row.name,
    });

  before(async () => {
    database = await open();
    const row = (name: string, customer: string | null) => [name, "{}", "{}", "[]", customer, "", "operator", 3, 1, 1];
    await database.dialect.insertMany(
      database.db,
      "host",
      [
        "name",
        "labels_json",
        "facts_json",
        "groups_json",
        "customer",
        "notes",
        "origin",
        "max_check_attempts",
        "created_at_ms",
        "updated_at_ms",
      ],
      [row("Web_1", "acme"), row("web%2", "acme"), row("db1", null), row("db2", "zeta"), row("ünïcode", null)],
    );
  });

  it("a page holds as many rows as asked for, and the total counts all that match", async () => {
    assert.deepEqual(await list({ perPage: "2", page: "2" }), { data: ["db2", "web%2"], total: 5 });
  });

  it("rows sort by the field asked for, then by id in the same direction", async () => {
    assert.deepEqual((await list({ sort: "customer", order: "DESC" })).data, [
      "db2",
      "web%2",
      "Web_1",
      "ünïcode",
      "db1",
    ]);
  });

  it("words match in any case and wildcards have no meaning", async () => {
    assert.deepEqual((await list({ filter: '{"q":"WEB"}' })).data, ["Web_1", "web%2"]);
    assert.deepEqual((await list({ filter: '{"q":"b%"}' })).data, ["web%2"]);
    assert.deepEqual((await list({ filter: '{"q":"\' or 1=1 --"}' })).data, []);
  });

  it("an empty list of ids matches nothing", async () => {
    assert.deepEqual(await list({ filter: '{"id":[]}' }), { data: [], total: 0 });
  });

  it("null asks for rows without a value", async () => {
    assert.deepEqual((await list({ filter: '{"customer":null}' })).data, ["db1", "ünïcode"]);
  });

  it("an unknown filter or sort field is refused, naming it and what is allowed", async () => {
    await assert.rejects(list({ filter: '{"nmae":"x"}' }), (error: unknown) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, /nmae/);
      assert.match(error.message, /id, q, customer/);
      return true;
    });
    for (const sort of ["password_hash", "__proto__", "constructor"]) {
      await assert.rejects(list({ sort }), /sort by one of: name, customer/);
    }
    await assert.rejects(list({ filter: "{" }), /filter is not JSON/);
    await assert.rejects(list({ filter: "[]" }), InputError);
  });
});
