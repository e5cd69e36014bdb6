import assert from "node:assert/strict";
import { it } from "node:test";
import { batchOf, ingestFixture, resultOf } from "../check-result/testing/ingest-fixture.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { rollUpNext } from "../perfdata/roll-up.ts";
import { deleteExpired } from "./delete-expired.ts";

const dayMs = 86_400_000;

forEachDialect((_dialect, open) => {
  it("everything goes when its time has come and not before", async () => {
    const database = await open();
    const { db } = database;
    const { ids, clock, storeBatches } = await ingestFixture(database, { maxCheckAttempts: 1 });
    const { hostId, serviceIds } = ids[0]!;
    const send = (code: number) => storeBatches([batchOf([resultOf(hostId, serviceIds[0]!, code)], `b${clock.nowMs}`)]);
    const count = async (table: "check_result" | "received_batch" | "state_change" | "problem" | "perfdata_rollup") =>
      (await db.selectFrom(table).selectAll().execute()).length;
    await send(2);
    clock.nowMs += 120_000;
    await send(0);
    clock.nowMs += 120_000;
    assert.equal(await rollUpNext(database, 100, clock.nowMs), 2);
    assert.equal(await rollUpNext(database, 100, clock.nowMs), 0);
    const expire = async (days: number) => {
      await deleteExpired(database, clock.nowMs + days * dayMs, new AbortController().signal);
      const tables = ["check_result", "received_batch", "perfdata_rollup", "state_change", "problem"] as const;
      return await Promise.all(tables.map(count));
    };
    const [results, batches, rollups = 0, changes, problems] = await expire(1);
    assert.deepEqual([results, batches, changes, problems], [2, 2, 2, 1]);
    assert.ok(rollups >= 3);
    assert.deepEqual((await expire(3)).slice(0, 2), [0, 2]);
    assert.deepEqual((await expire(8)).slice(0, 2), [0, 0]);
    const command = { request_json: "{}", phase: "done", created_by_name: "ops", created_at_ms: clock.nowMs };
    await db
      .insertInto("agent_command")
      .values({ ...command, host_id: hostId, expires_at_ms: clock.nowMs })
      .execute();
    const commands = async () => (await db.selectFrom("agent_command").select("id").execute()).length;
    await expire(29);
    assert.equal(await commands(), 1);
    assert.deepEqual((await expire(40)).slice(2), [rollups - 2, 2, 1]);
    assert.equal(await commands(), 0);
    assert.deepEqual(await expire(400), [0, 0, 0, 0, 0]);
  });
});
