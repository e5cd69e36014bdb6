import assert from "node:assert/strict";
import { it } from "node:test";
import { pino } from "pino";
import { createAuditLog } from "../audit/index.ts";
import { recordingBus } from "../check-result/testing/ingest-fixture.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { carla } from "../external-command/testing/commands-fixture.ts";
import { materialiseRecurring } from "./materialise-recurring.ts";
import { createDowntimes } from "./plan-downtimes.ts";

function fixtureOf(database: ConnectedDatabase) {
  const clock = { nowMs: Date.parse("2026-11-23T12:00:00Z") };
  const now = () => clock.nowMs;
  const changes = recordingBus();
  const dependencies = { database, changes, logger: pino({ level: "silent" }), now };
  return {
    clock,
    downtimes: createDowntimes({ database, audit: createAuditLog(now), changes, now }),
    materialise: () => materialiseRecurring(dependencies),
    async define(change: object = {}) {
      const spec = {
        selector: { groups: ["db"] },
        cron: "0 2 * * *",
        durationSeconds: 3600,
        comment: "backup",
        ...change,
      };
      const row = { spec_json: JSON.stringify(spec), updated_at_ms: clock.nowMs };
      const { db } = database;
      const updated = await db.updateTable("definition").set(row).where("name", "=", "nightly").executeTakeFirst();
      if (updated.numUpdatedRows > 0n) return;
      const names = { kind: "RecurringDowntime", name: "nightly", created_at_ms: clock.nowMs };
      await db
        .insertInto("definition")
        .values({ ...row, ...names })
        .execute();
    },
    async planned() {
      const rows = await database.db.selectFrom("downtime").selectAll().orderBy("start_at_ms").execute();
      return rows.map((row) => new Date(row.start_at_ms).toISOString().slice(0, 16));
    },
  };
}

forEachDialect((_, open) => {
  it("an occurrence is made once, however many control planes look at the same time", async () => {
    const database = await open();
    const { define, materialise, planned, clock } = fixtureOf(database);
    await define();
    const made = await Promise.all(Array.from({ length: 5 }, materialise));
    assert.equal(
      made.reduce((sum, count) => sum + count, 0),
      1,
    );
    assert.deepEqual(await planned(), ["2026-11-24T02:00"]);
    clock.nowMs += 24 * 3_600_000;
    await materialise();
    assert.deepEqual(await planned(), ["2026-11-24T02:00", "2026-11-25T02:00"]);
  });

  it("what has not begun follows a change of the definition, and goes with it", async () => {
    const database = await open();
    const { define, materialise, planned, clock } = fixtureOf(database);
    await define();
    await materialise();
    clock.nowMs += 60_000;
    await define({ cron: "0 4 * * *" });
    await materialise();
    assert.deepEqual(await planned(), ["2026-11-24T04:00"]);
    await database.db.deleteFrom("definition").execute();
    await materialise();
    assert.deepEqual(await planned(), []);
  });

  it("what somebody cancelled does not come back", async () => {
    const database = await open();
    const { define, materialise, planned, downtimes, clock } = fixtureOf(database);
    await define();
    await materialise();
    const [row] = await database.db.selectFrom("downtime").select("id").execute();
    await downtimes.cancel(carla, row?.id ?? 0);
    clock.nowMs += 60_000;
    await define({ comment: "other words" });
    await materialise();
    assert.deepEqual(await planned(), ["2026-11-24T02:00"]);
  });

  it("a control plane that was away when it began finds it running", async () => {
    const database = await open();
    const { define, materialise, planned, clock } = fixtureOf(database);
    await define();
    clock.nowMs = Date.parse("2026-11-26T02:30:00Z");
    await materialise();
    assert.deepEqual(await planned(), ["2026-11-26T02:00", "2026-11-27T02:00"]);
  });

  it("a schedule that cannot be understood stops nobody else's", async () => {
    const database = await open();
    const { define, materialise } = fixtureOf(database);
    await define({ cron: "0 0 30 2 *" });
    assert.equal(await materialise(), 0);
  });
});
