import assert from "node:assert/strict";
import { it } from "node:test";
import { CheckInput } from "@mycloud/protocol/check";
import { createCheck, updateCheck } from "../check/store.ts";
import { batchOf, ingestFixture, resultOf } from "../check-result/testing/ingest-fixture.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { firstResultGraceMs, mendDeadlines } from "./mend-deadlines.ts";
import { watchFreshness } from "./watch-freshness.ts";

forEachDialect((_dialect, open) => {
  /** Host `web1` without an agent, with a host check and a service, as nobody has looked at it yet. */
  async function world() {
    const database = await open();
    const fixture = await ingestFixture(database, { hosts: 1, servicesPerHost: 0 });
    const { clock, definitions, now, decider, newThreadKey, changes, logger } = fixture;
    const { db, dialect } = database;
    const hostId = fixture.ids[0]!.hostId;
    const service = CheckInput.parse({ name: "http", command: "http", checkIntervalSeconds: 600, timeoutSeconds: 10 });
    const host = CheckInput.parse({ name: "alive", command: "ping", target: "host", timeoutSeconds: 10 });
    const ids = await database.transaction(async (tx) => ({
      service: await createCheck(tx, dialect, service, clock.nowMs),
      host: await createCheck(tx, dialect, host, clock.nowMs),
    }));
    const mend = () => mendDeadlines(database, definitions, now());
    const secondsLeft = (overdueAtMs: number | null) =>
      overdueAtMs === null ? null : (overdueAtMs - clock.nowMs - firstResultGraceMs) / 1000;
    return {
      ...fixture,
      database,
      hostId,
      mend,
      async deadlines() {
        const ofHost = await db.selectFrom("host_state").selectAll().executeTakeFirstOrThrow();
        const ofService = await db.selectFrom("service_state").selectAll().executeTakeFirstOrThrow();
        return [secondsLeft(ofHost.overdue_at_ms), secondsLeft(ofService.overdue_at_ms)];
      },
      async states() {
        const ofHost = await db.selectFrom("host_state").selectAll().executeTakeFirstOrThrow();
        const ofService = await db.selectFrom("service_state").selectAll().executeTakeFirstOrThrow();
        return [ofHost.is_stale, ofService.is_stale];
      },
      async assign() {
        const row = { host_id: hostId, prober_host_id: null, previous_host_id: null, since_ms: clock.nowMs };
        await db.insertInto("host_prober").values(row).execute();
      },
      async change(which: "service" | "host", input: Partial<CheckInput>) {
        const next = { ...(which === "host" ? host : service), ...input };
        await database.transaction((tx) => updateCheck(tx, dialect, ids[which], next, clock.nowMs));
        definitions.forget();
      },
      async pass(seconds: number) {
        const recording = { dialect, definitions, decider, newThreadKey };
        for (let at = 0; at < seconds; at += 5) {
          clock.nowMs += 5_000;
          await watchFreshness({ database, recording, changes, logger, now }, new AbortController().signal);
        }
      },
    };
  }

  it("what nobody is to check has no deadline; from when somebody is, it gets one and goes stale without results", async () => {
    const { mend, deadlines, assign, pass, states } = await world();
    assert.equal(await mend(), 0);
    assert.deepEqual(await deadlines(), [null, null]);
    await assign();
    assert.equal(await mend(), 2);
    assert.deepEqual(await deadlines(), [130, 1210]);
    assert.equal(await mend(), 0, "once");
    await pass(265);
    assert.deepEqual(await states(), [1, 0]);
    await pass(1_100);
    assert.deepEqual(await states(), [1, 1]);
    assert.equal(await mend(), 0, "what is stale stays so until a result comes");
  });

  it("a state of before does not stay for ever when its check is given to somebody who never reports", async () => {
    const { mend, assign, pass, states, storeBatches, hostId } = await world();
    await storeBatches([batchOf([resultOf(hostId, null, 0)])]);
    await assign();
    await mend();
    await pass(265);
    assert.deepEqual(await states(), [1, 0]);
  });

  it("a shorter interval brings the deadline closer, a longer one leaves it", async () => {
    const { mend, deadlines, assign, change } = await world();
    await assign();
    await mend();
    await change("service", { checkIntervalSeconds: 60 });
    assert.equal(await mend(), 1);
    assert.deepEqual(await deadlines(), [130, 130]);
    await change("service", { checkIntervalSeconds: 6_000 });
    assert.equal(await mend(), 0);
  });

  it("a check that is disabled is expected no more, and one that is enabled again is", async () => {
    const { mend, deadlines, assign, change } = await world();
    await assign();
    await mend();
    await change("host", { isEnabled: false });
    await change("service", { isEnabled: false });
    assert.equal(await mend(), 0);
    assert.deepEqual(await deadlines(), [null, null]);
    await change("host", {});
    await change("service", {});
    assert.equal(await mend(), 2);
    assert.deepEqual(await deadlines(), [130, 1210]);
  });

  it("a check that becomes the host's takes its service away, and back again leaves the host PENDING", async () => {
    const { database, change, storeBatches, hostId } = await world();
    const { db } = database;
    await change("host", { isEnabled: false, selector: { hosts: ["none"] } });
    await change("service", { target: "host" });
    assert.deepEqual(await db.selectFrom("service").select("name").execute(), []);
    assert.equal((await db.selectFrom("host_check").selectAll().execute()).length, 1);
    await storeBatches([batchOf([resultOf(hostId, null, 1)])]);
    await change("service", { target: "service" });
    assert.deepEqual(await db.selectFrom("host_check").selectAll().execute(), []);
    const state = await db.selectFrom("host_state").selectAll().executeTakeFirstOrThrow();
    assert.deepEqual([state.has_been_checked, state.problem_id, state.overdue_at_ms], [0, null, null]);
    const gaps = await db.selectFrom("host_watch_gap").selectAll().execute();
    assert.deepEqual(
      gaps.map((gap) => [gap.host_id, gap.until_at_ms]),
      [[hostId, null]],
    );
    await storeBatches([batchOf([resultOf(hostId, null, 0)])]);
    assert.notEqual((await db.selectFrom("host_watch_gap").selectAll().executeTakeFirstOrThrow()).until_at_ms, null);
  });
});
