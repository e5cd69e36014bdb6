import assert from "node:assert/strict";
import { it } from "node:test";
import { batchOf, ingestFixture, resultOf } from "../check-result/testing/ingest-fixture.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { watchFreshness } from "./watch-freshness.ts";

type Fixture = Awaited<ReturnType<typeof ingestFixture>>;

forEachDialect((_dialect, open) => {
  async function watched(freshnessSeconds: number) {
    const database = await open();
    const fixture = await ingestFixture(database, { freshnessSeconds });
    const { dialect } = database;
    const { definitions, decider, newThreadKey, changes, logger, now } = fixture;
    const recording = { dialect, definitions, decider, newThreadKey };
    const dependencies = { database, recording, changes, logger, now };
    const watch = () => watchFreshness(dependencies, new AbortController().signal);
    const state = () => database.db.selectFrom("service_state").selectAll().executeTakeFirstOrThrow();
    return { database, fixture, watch, state };
  }

  async function send({ ids, storeBatches }: Fixture, code: number) {
    const [{ hostId, serviceIds }] = ids as [{ hostId: number; serviceIds: [number] }];
    await storeBatches([batchOf([resultOf(hostId, serviceIds[0], code)])]);
  }

  /** Lets time pass as a running control plane sees it. */
  async function pass(fixture: Fixture, watch: () => Promise<void>, seconds: number) {
    for (let at = 0; at < seconds; at += 5) {
      fixture.clock.nowMs += 5_000;
      await watch();
    }
  }

  it("a service whose result is overdue is stale, a problem, and fine again with the next result", async () => {
    const { database, fixture, watch, state } = await watched(60);
    await send(fixture, 0);
    await pass(fixture, watch, 55);
    assert.equal((await state()).is_stale, 0);
    await pass(fixture, watch, 10);
    const stale = await state();
    assert.deepEqual([stale.is_stale, stale.state, stale.last_ok_output], [1, 0, "code 0"]);
    assert.match(stale.output, /^no result for 60 s/);
    assert.notEqual(stale.problem_id, null);
    await pass(fixture, watch, 30);
    await send(fixture, 0);
    assert.deepEqual([(await state()).is_stale, (await state()).problem_id], [0, null]);
    assert.deepEqual(
      fixture.decider.asked.map((change) => [change.kind, change.fromState, change.toState, change.isRecovery]),
      [
        ["stale-start", "OK", "STALE", false],
        ["stale-stop", "STALE", "OK", true],
      ],
    );
    assert.match(fixture.decider.asked[0]?.output ?? "", /^no result for 60 s; expected every 60 s from its sender/);
    assert.equal((await database.db.selectFrom("problem").selectAll().execute()).length, 1);
  });

  it("an agent that is missed takes its host DOWN, HARD at once, and its keepalive brings it UP", async () => {
    const { database, fixture, watch } = await watched(60);
    const hostId = fixture.ids[0]!.hostId;
    const agent = { id: "a1", host_id: hostId, public_key_json: "{}", version: "1", enrolled_at_ms: 1 };
    await database.db
      .insertInto("agent")
      .values({ ...agent, status_json: null, revoked_at_ms: null })
      .execute();
    const keepalive = () => fixture.storeBatches([batchOf([resultOf(hostId, null, 0)])]);
    const host = () => database.db.selectFrom("host_state").selectAll().executeTakeFirstOrThrow();
    await keepalive();
    await pass(fixture, watch, 85);
    assert.equal((await host()).state, 0);
    await pass(fixture, watch, 10);
    const down = await host();
    assert.deepEqual([down.state, down.is_hard], [1, 1]);
    assert.match(down.output, /^no keepalive from the agent for 9[05] s \(last \d\d:\d\d:\d\d UTC\)$/);
    await keepalive();
    assert.deepEqual([(await host()).state, (await host()).problem_id], [0, null]);
  });

  it("the control plane's own outage turns nobody stale, and moves each deadline by its length", async () => {
    const { fixture, watch, state } = await watched(300);
    await watch();
    await send(fixture, 0);
    const before = (await state()).overdue_at_ms ?? 0;
    fixture.clock.nowMs += 3_600_000;
    await watch();
    assert.deepEqual([(await state()).is_stale, (await state()).overdue_at_ms], [0, before + 3_600_000]);
    await pass(fixture, watch, 290);
    assert.equal((await state()).is_stale, 0);
    await pass(fixture, watch, 20);
    assert.equal((await state()).is_stale, 1);
  });

  it("a result that comes between the look and the verdict wins", async () => {
    const { database, fixture, state } = await watched(60);
    const { recordObservations } = await import("../check-result/record-observations.ts");
    await send(fixture, 0);
    const [{ hostId, serviceIds }] = fixture.ids as [{ hostId: number; serviceIds: [number] }];
    const silence = { hostId, serviceId: serviceIds[0], verdict: "stale" as const, output: "no result" };
    const { definitions, decider, newThreadKey, clock } = fixture;
    const recording = { dialect: database.dialect, definitions, decider, newThreadKey };
    const recorded = await database.transaction((tx) =>
      recordObservations(tx, recording, [], [silence], clock.nowMs + 30_000),
    );
    assert.equal(recorded.silences, 0);
    assert.equal((await state()).is_stale, 0);
  });
});
