import assert from "node:assert/strict";
import { it, test } from "node:test";
import { describePlugins } from "@mycloud/checks/plugin";
import { CheckInput } from "@mycloud/protocol/check";
import { forEachDialect } from "../database/testing/dialects.ts";
import { defaultChecks } from "./default-checks.ts";
import { seedChecks } from "./seed-checks.ts";

test("every default check is a valid definition of a command that exists", async () => {
  const commands = new Set((await describePlugins()).map((plugin) => plugin.name));
  for (const check of defaultChecks) {
    assert.deepEqual(CheckInput.parse(check), check);
    assert.ok(commands.has(check.command), check.command);
  }
});

forEachDialect((_dialect, open) => {
  it("checks are seeded once, and stay deleted", async () => {
    const database = await open();
    const recorded: string[] = [];
    const audit = {
      record: async (_: unknown, entry: { action: string }) => void recorded.push(entry.action),
      recordAll: async () => assert.fail(),
    };
    const seed = () => seedChecks({ database, audit, now: () => 1 });
    assert.equal(await seed(), true);
    assert.equal(recorded.length, defaultChecks.length);
    await database.db.deleteFrom("check_definition").execute();
    assert.equal(await seed(), false);
    assert.deepEqual(await database.db.selectFrom("check_definition").selectAll().execute(), []);
  });
});
