import assert from "node:assert/strict";
import { it } from "node:test";
import { forEachDialect } from "../database/testing/dialects.ts";
import { batchOf, ingestFixture, resultOf } from "./testing/ingest-fixture.ts";

forEachDialect((dialect, open) => {
  it("walks a service through SOFT, HARD and recovery, with one problem and the history of each step", async () => {
    const database = await open();
    const { ids, clock, storeBatches, decider } = await ingestFixture(database);
    const [{ hostId, serviceIds }] = ids as [{ hostId: number; serviceIds: [number] }];
    for (const code of [0, 2, 2, 2, 2, 0]) {
      clock.nowMs += 60_000;
      await storeBatches([batchOf([resultOf(hostId, serviceIds[0], code)])]);
    }
    const changes = await database.db.selectFrom("state_change").selectAll().orderBy("id").execute();
    assert.deepEqual(
      changes.map((change) => [change.from_state, change.to_state, change.is_hard, change.attempt]),
      [
        ["OK", "CRITICAL", 0, 1],
        ["CRITICAL", "CRITICAL", 0, 2],
        ["CRITICAL", "CRITICAL", 1, 3],
        ["CRITICAL", "OK", 1, 3],
      ],
    );
    const problem = await database.db.selectFrom("problem").selectAll().executeTakeFirstOrThrow();
    assert.equal(problem.started_at_ms, 1_700_000_000_000 + 4 * 60_000);
    assert.equal(problem.ended_at_ms, 1_700_000_000_000 + 6 * 60_000);
    assert.deepEqual(
      decider.asked.map((change) => [change.toState, change.problem?.id, change.isRecovery]),
      [
        ["CRITICAL", problem.id, false],
        ["OK", problem.id, true],
      ],
    );
    const state = await database.db.selectFrom("service_state").selectAll().executeTakeFirstOrThrow();
    assert.equal(state.problem_id, null);
    assert.equal(state.version, 6);
    assert.equal(state.last_ok_output, "code 0");
    assert.equal((await database.db.selectFrom("check_result").selectAll().execute()).length, 6);
  });

  it("opens and ends several problems of one service within one batch", async () => {
    const database = await open();
    const { ids, storeBatches } = await ingestFixture(database, { maxCheckAttempts: 1 });
    const [{ hostId, serviceIds }] = ids as [{ hostId: number; serviceIds: [number] }];
    const codes = [2, 0, 1, 0, 3];
    await storeBatches([batchOf(codes.map((code) => resultOf(hostId, serviceIds[0], code)))]);
    const problems = await database.db.selectFrom("problem").selectAll().orderBy("id").execute();
    assert.deepEqual(
      problems.map((problem) => problem.ended_at_ms !== null),
      [true, true, false],
    );
    const state = await database.db.selectFrom("service_state").selectAll().executeTakeFirstOrThrow();
    assert.equal(state.problem_id, problems[2]?.id);
  });

  it("keeps a late result in the history without moving the present back", async () => {
    const database = await open();
    const { ids, clock, storeBatches } = await ingestFixture(database, { maxCheckAttempts: 1 });
    const [{ hostId, serviceIds }] = ids as [{ hostId: number; serviceIds: [number] }];
    await storeBatches([batchOf([resultOf(hostId, serviceIds[0], 0, { checkedAtMs: clock.nowMs - 1000 })])]);
    await storeBatches([batchOf([resultOf(hostId, serviceIds[0], 2, { checkedAtMs: clock.nowMs - 5000 })])]);
    const state = await database.db.selectFrom("service_state").selectAll().executeTakeFirstOrThrow();
    assert.deepEqual([state.state, state.last_check_at_ms], [0, clock.nowMs - 1000]);
    const history = await database.db.selectFrom("check_result").select(["state"]).orderBy("checked_at_ms").execute();
    assert.deepEqual(
      history.map((row) => row.state),
      [2, 0],
    );
  });

  it("clamps an unbelievable clock to the time of receipt and flags it", async () => {
    const database = await open();
    const { ids, clock, storeBatches } = await ingestFixture(database);
    const [{ hostId, serviceIds }] = ids as [{ hostId: number; serviceIds: [number] }];
    await storeBatches([batchOf([resultOf(hostId, serviceIds[0], 0, { checkedAtMs: clock.nowMs + 100_000_000 })])]);
    const row = await database.db.selectFrom("check_result").selectAll().executeTakeFirstOrThrow();
    assert.deepEqual([row.checked_at_ms, row.is_clock_skewed], [clock.nowMs, 1]);
  });

  it("stores a batch once, and answers a replay with the first answer", async () => {
    const database = await open();
    const { ids, storeBatches } = await ingestFixture(database);
    const [{ hostId, serviceIds }] = ids as [{ hostId: number; serviceIds: [number] }];
    const batch = batchOf([resultOf(hostId, serviceIds[0], 0), resultOf(hostId, 999_999, 0)], "b1");
    const [first] = await storeBatches([batch]);
    const [second, other] = await storeBatches([batch, batchOf([], "b2")]);
    assert.equal(first?.isDuplicate, false);
    assert.deepEqual(second, { answerJson: first?.answerJson, isDuplicate: true });
    assert.equal(other?.isDuplicate, false);
    assert.equal((await database.db.selectFrom("check_result").selectAll().execute()).length, 1);
    assert.match(first?.answerJson ?? "", /MYCLOUD_UNKNOWN_SERVICE/);
  });

  it("shares one answer among the same batch sent twice in one group", async () => {
    const database = await open();
    const { ids, storeBatches } = await ingestFixture(database);
    const [{ hostId, serviceIds }] = ids as [{ hostId: number; serviceIds: [number] }];
    const batch = batchOf([resultOf(hostId, serviceIds[0], 0)], "b1");
    const answers = await storeBatches([batch, batch]);
    assert.deepEqual(
      answers.map((answer) => answer.isDuplicate),
      [false, true],
    );
    assert.equal(answers[0]?.answerJson, answers[1]?.answerJson);
    assert.equal((await database.db.selectFrom("check_result").selectAll().execute()).length, 1);
  });

  it("ends an acknowledgement with the problem, and one that is not sticky with another state", async () => {
    const database = await open();
    const { ids, clock, storeBatches } = await ingestFixture(database, { maxCheckAttempts: 1, servicesPerHost: 2 });
    const [{ hostId, serviceIds }] = ids as [{ hostId: number; serviceIds: [number, number] }];
    const send = (code: number) => storeBatches([batchOf(serviceIds.map((id) => resultOf(hostId, id, code)))]);
    await send(1);
    for (const [index, serviceId] of serviceIds.entries()) {
      const { id } = await database.db
        .insertInto("acknowledgement")
        .values({
          host_id: hostId,
          service_id: serviceId,
          problem_id: null,
          author_name: "ann",
          comment: "on it",
          is_sticky: index,
          created_at_ms: clock.nowMs,
          ended_at_ms: null,
          end_reason: null,
        })
        .returning("id")
        .executeTakeFirstOrThrow();
      await database.db
        .updateTable("service_state")
        .set({ acknowledgement_id: id })
        .where("service_id", "=", serviceId)
        .execute();
    }
    await send(2);
    await send(0);
    const ended = await database.db.selectFrom("acknowledgement").select(["end_reason"]).orderBy("id").execute();
    assert.deepEqual(
      ended.map((row) => row.end_reason),
      ["state-changed", "recovered"],
    );
  });

  // SQLite is for one control plane: a second connection of this process would wait for the first one with the event loop stopped.
  if (dialect === "sqlite") return;
  it("writes the same service from two control planes at once without losing a step", async () => {
    const database = await open();
    const fixture = await ingestFixture(database);
    const [{ hostId, serviceIds }] = fixture.ids as [{ hostId: number; serviceIds: [number] }];
    const second = await open({ location: open.location() });
    const other = await ingestFixtureOn(second, fixture);
    const writes = Array.from({ length: 20 }, (_, index) => {
      const store = index % 2 === 0 ? fixture.storeBatches : other;
      return store([batchOf([resultOf(hostId, serviceIds[0], index % 4 === 0 ? 2 : 0)])]);
    });
    await Promise.all(writes);
    const state = await database.db.selectFrom("service_state").select("version").executeTakeFirstOrThrow();
    assert.equal(state.version, 20);
    assert.equal((await database.db.selectFrom("check_result").selectAll().execute()).length, 20);
  });
});

async function ingestFixtureOn(
  database: Parameters<typeof ingestFixture>[0],
  fixture: Awaited<ReturnType<typeof ingestFixture>>,
) {
  const { createStoreBatches } = await import("./store-batches.ts");
  const { DefinitionCache } = await import("../monitored/index.ts");
  const { decider, changes, now, newThreadKey } = fixture;
  const definitions = new DefinitionCache({ dialect: database.dialect });
  return createStoreBatches({ database, definitions, decider, changes, now, newThreadKey });
}
