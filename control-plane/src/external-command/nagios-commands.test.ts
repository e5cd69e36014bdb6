import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { it } from "node:test";
import { forEachDialect } from "../database/testing/dialects.ts";
import { commandWorld, operatorOf } from "./testing/command-world.ts";
import { carla, commandsFixture } from "./testing/commands-fixture.ts";
import { commandsPage } from "./testing/commands-page.ts";
import { nagiosCommands } from "./testing/nagios-commands.ts";

/** As many as base/commands.c of nagios4 4.4.6 compares names with. */
const commandsOfNagios = 163;

it("the table names every command of nagios4 once", () => {
  assert.equal(new Set(nagiosCommands.map(([name]) => name)).size, commandsOfNagios);
  assert.equal(nagiosCommands.length, commandsOfNagios);
});

const page = new URL("../../../docs/external-commands.md", import.meta.url);

forEachDialect((dialect, open) => {
  it("the page of commands says what the program knows", { skip: dialect !== "sqlite" }, async () => {
    const { commands } = await commandsFixture(await open());
    const wanted = commandsPage(commands.known);
    if (process.env.MYCLOUD_WRITE_DOCUMENTATION) await writeFile(page, wanted);
    assert.equal(await readFile(page, "utf8"), wanted, "run this test with MYCLOUD_WRITE_DOCUMENTATION=1");
  });

  it("every command of nagios4 has its effect, or is refused with its one reason", async () => {
    const { run, lineOf, changedBy } = await commandWorld(await open());
    for (const [name, fields, expected] of nagiosCommands) {
      const line = lineOf(name, fields);
      let said: string[] = [];
      const changed = await changedBy(async () => {
        said = await run([line]);
      });
      if ("refused" in expected) {
        assert.deepEqual(changed, [], line);
        assert.match(said[0] ?? "", expected.refused, line);
        continue;
      }
      assert.ok(!said[0]?.startsWith("!"), `${line}: ${said[0]}`);
      const [table = "", text = ""] = expected.changes.split(/: (.*)/s);
      assert.ok(
        changed.some((row) => row.startsWith(`${table}: `) && row.includes(text)),
        `${line}: ${changed.join("\n") || "nothing changed"}`,
      );
    }
  });

  it("a viewer, and an operator of another customer, have none of these effects", async () => {
    const world = await commandWorld(await open(), "acme");
    const { run, lineOf, changedBy } = world;
    for (const operator of [{ ...carla, mayOperate: false }, operatorOf("other")]) {
      for (const [name, fields] of nagiosCommands) {
        const line = lineOf(name, fields);
        const changed = await changedBy(async () => {
          assert.match((await run([line], operator))[0] ?? "", /^! /, line);
        });
        assert.deepEqual(changed, [], line);
      }
    }
  });

  it("a customer's own operator commands what is the customer's, and nothing that is everybody's", async () => {
    const { run, lineOf, changedBy } = await commandWorld(await open(), "acme");
    const otto = operatorOf("acme");
    for (const [name, fields, expected] of nagiosCommands) {
      const isForAll = fields === "" || /CONTACTGROUP/.test(name);
      const line = lineOf(name, fields);
      let said = "";
      const changed = await changedBy(async () => {
        said = (await run([line], otto))[0] ?? "";
      });
      if (isForAll || "refused" in expected) assert.deepEqual([changed, said.slice(0, 2)], [[], "! "], line);
      else assert.ok(changed.length > 0, `${line}: ${said}`);
    }
  });
});
