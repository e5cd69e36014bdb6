import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { forEachDialect } from "../../database/testing/dialects.ts";
import { livestatusFixture } from "../testing/livestatus-fixture.ts";

forEachDialect((dialect, open) => {
  it("every column of every table can be read, filtered, counted and sorted", async () => {
    const { deps, ask } = await livestatusFixture(await open(), { hosts: 2, servicesPerHost: 2 });
    for (const table of deps.tables.values()) {
      const ofTable = (headers: string) =>
        `GET ${table.name}\n${table.name === "statehist" ? "Filter: time > 1699999000\n" : ""}${headers}`;
      for (const format of ["csv", "CSV", "json", "wrapped_json", "python"]) {
        assert.equal((await ask(ofTable(`OutputFormat: ${format}`))).code, 200, `${table.name} as ${format}`);
      }
      const filters = table.columns.map(({ name, type }) => {
        if (type === "list") return `Stats: ${name} >= x`;
        if (type === "dict") return `Stats: ${name} = a b`;
        return type === "string" ? `Stats: ${name} ~~ a.*b|c` : `Stats: ${name} > 0`;
      });
      const answer = await ask(ofTable(filters.join("\n")));
      assert.equal(answer.code, 200, `${table.name}: ${answer.text}`);
      const sorts = table.columns.map(({ name }) => `Sort: ${name} desc`);
      assert.equal((await ask(ofTable(sorts.join("\n")))).code, 200, table.name);
    }
  });

  it("any request is answered with one of the codes", { skip: dialect === "mariadb" }, async () => {
    const { deps, ask } = await livestatusFixture(await open(), { hosts: 2, servicesPerHost: 3 });
    const names = [...deps.tables.values()].flatMap((table) => table.columns.map((column) => column.name));
    const column = fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 8 }));
    const operator = fc.constantFrom("=", "!=", "~", "!~", "=~", "~~", "!~~", "<", ">", "<=", ">=", "!>=", "?");
    const value = fc.oneof(
      fc.constantFrom("", "0", "web1", "s1", "(a+)+$", "'a' 'b'", "9".repeat(30), "-1"),
      fc.string({ maxLength: 12 }),
    );
    const filter = fc.tuple(column, operator, value).map((parts) => parts.join(" "));
    const header = fc.oneof(
      filter.map((text) => `Filter: ${text}`),
      filter.map((text) => `Stats: ${text}`),
      filter.map((text) => `WaitCondition: ${text}`),
      column.map((name) => `Columns: ${name}`),
      column.map((name) => `Stats: std ${name}`),
      column.map((name) => `Sort: ${name} desc`),
      fc
        .tuple(fc.constantFrom("And", "Or", "StatsAnd", "StatsOr", "Limit", "Offset", "Localtime"), fc.nat(4))
        .map(([name, count]) => `${name}: ${count}`),
      fc.constantFrom(
        "Negate:",
        "StatsNegate:",
        "OutputFormat: json",
        "OutputFormat: python",
        "ColumnHeaders: on",
        "AuthUser: web",
        "Separators: 1 2 3 4",
        "WaitTrigger: all",
        "WaitTimeout: 1",
        "WaitObject: web1",
      ),
    );
    const table = fc.oneof(fc.constantFrom(...deps.tables.keys()), fc.string({ maxLength: 5 }));
    await fc.assert(
      fc.asyncProperty(table, fc.array(header, { maxLength: 10 }), async (name, headers) => {
        const text = [`GET ${name}`, ...headers, "WaitTimeout: 1"]
          .map((line) => line.replaceAll(/[\r\n]/g, " "))
          .join("\n");
        const { code } = await ask(text);
        assert.ok([200, 400, 404, 413, 450, 452].includes(code), `${code} for ${text}`);
      }),
      { numRuns: 1500 },
    );
  });
});
