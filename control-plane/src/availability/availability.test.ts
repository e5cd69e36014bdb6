import assert from "node:assert/strict";
import { it } from "node:test";
import { AvailabilityQuery } from "@mycloud/protocol/availability";
import { batchOf, ingestFixture, resultOf } from "../check-result/testing/ingest-fixture.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { everything } from "../scope/index.ts";
import { readAvailability } from "./read-availability.ts";

const minute = 60_000;

forEachDialect((_dialect, open) => {
  it("reads shares from the history of states, with downtimes, outages and a time period", async () => {
    const database = await open();
    const { storeBatches, ids, clock, now, definitions } = await ingestFixture(database, { maxCheckAttempts: 1 });
    const { hostId, serviceIds } = ids[0] ?? assert.fail();
    const [serviceId = 0] = serviceIds;
    const startMs = clock.nowMs;
    const at = async (minutes: number, returnCode: number) => {
      clock.nowMs = startMs + minutes * minute;
      await storeBatches([batchOf([resultOf(hostId, serviceId, returnCode, { checkedAtMs: clock.nowMs })])]);
    };
    await at(10, 0);
    await at(30, 2);
    await at(50, 0);
    await at(70, 1);
    clock.nowMs = startMs + 100 * minute;
    const downtime = { selector_json: '{"hosts":["web1"]}', comment: "c", author_name: "a", created_at_ms: 0 };
    const from = startMs + 25 * minute;
    for (const values of [
      { ...downtime, start_at_ms: from, end_at_ms: startMs + 40 * minute },
      { ...downtime, start_at_ms: startMs, end_at_ms: startMs + 99 * minute, cancelled_at_ms: startMs - 1 },
      { ...downtime, start_at_ms: startMs, end_at_ms: startMs + 99 * minute, is_fixed: 0, duration_seconds: 60 },
    ]) {
      await database.db.insertInto("downtime").values(values).execute();
    }
    await database.db
      .insertInto("watch_outage")
      .values({ from_at_ms: startMs + 90 * minute, until_at_ms: startMs + 95 * minute })
      .execute();
    const read = async (more: Record<string, string> = {}) => {
      const query = { fromMs: startMs - 10 * minute, untilMs: startMs + 200 * minute, stretches: "true", ...more };
      return await readAvailability({ database, definitions, now }, everything, AvailabilityQuery.parse(query));
    };

    const { data, untilMs, total } = await read({ service: "s1" });
    assert.equal(untilMs, clock.nowMs);
    assert.equal(total, 1);
    const [service] = data;
    const minutes = Object.fromEntries(
      Object.entries(service?.states ?? {}).map(([state, { durationMs, inDowntimeMs }]) => [
        state,
        [durationMs / minute, inDowntimeMs / minute],
      ]),
    );
    assert.deepEqual(minutes, { PENDING: [10, 0], OK: [40, 5], CRITICAL: [20, 10], WARNING: [25, 0], OUTAGE: [5, 0] });
    assert.equal((service?.notExistingMs ?? 0) / minute, 10);
    assert.equal(service?.ratios.plain, 40 / 100);
    assert.equal(service?.ratios.downtimeAsOk, 50 / 100);
    assert.equal(service?.ratios.downtimeExcluded, 35 / 85);
    assert.deepEqual(
      service?.stretches.map(({ state }) => state),
      [null, "PENDING", "OK", "OK", "CRITICAL", "CRITICAL", "OK", "WARNING", "OUTAGE", "WARNING"],
    );

    const spec = { timeZone: "UTC", weekly: {} };
    await database.db
      .insertInto("definition")
      .values({
        kind: "TimePeriod",
        name: "never",
        spec_json: JSON.stringify(spec),
        created_at_ms: 0,
        updated_at_ms: 0,
      })
      .execute();
    definitions.forget();
    const never = await read({ service: "s1", period: "never" });
    assert.equal(never.data[0]?.countedMs, 0);
    assert.equal(never.data[0]?.ratios.plain, null);
    await assert.rejects(read({ period: "nobody defined it" }), /there is no time period/);
    await assert.rejects(read({ selector: "{" }), /selector is not JSON/);

    const all = await read({ host: "web*" });
    assert.deepEqual(
      all.data.map(({ hostName, serviceName }) => [hostName, serviceName]),
      [
        ["web1", null],
        ["web1", "s1"],
      ],
    );
    assert.deepEqual(
      all.summaries.map(({ kind, count }) => [kind, count]),
      [
        ["hosts", 1],
        ["services", 1],
      ],
    );
    const foreign = await readAvailability(
      { database, definitions, now },
      { kind: "customer", customer: "other" },
      AvailabilityQuery.parse({ fromMs: startMs, untilMs: startMs + minute }),
    );
    assert.deepEqual(foreign.data, []);
  });

  it("knows of a backlog delivered at once since its first result", async () => {
    const database = await open();
    const { storeBatches, ids, clock, now, definitions } = await ingestFixture(database, { maxCheckAttempts: 1 });
    const { hostId, serviceIds } = ids[0] ?? assert.fail();
    const [serviceId = 0] = serviceIds;
    const startMs = clock.nowMs;
    clock.nowMs = startMs + 60 * minute;
    const at = (minutes: number, returnCode: number) =>
      resultOf(hostId, serviceId, returnCode, { checkedAtMs: startMs + minutes * minute });
    await storeBatches([batchOf([at(10, 0), at(20, 0), at(40, 2)])]);
    const query = AvailabilityQuery.parse({ fromMs: startMs, untilMs: clock.nowMs, only: "services" });
    const { data } = await readAvailability({ database, definitions, now }, everything, query);
    assert.equal(data[0]?.states.PENDING?.durationMs, 10 * minute);
    assert.equal(data[0]?.okMs, 30 * minute);
  });

  it("says that nothing was known while a check was disabled", async () => {
    const database = await open();
    const { storeBatches, ids, clock, now, definitions } = await ingestFixture(database, { maxCheckAttempts: 1 });
    const { hostId, serviceIds } = ids[0] ?? assert.fail();
    const [serviceId = 0] = serviceIds;
    const startMs = clock.nowMs;
    await storeBatches([batchOf([resultOf(hostId, serviceId, 0, { checkedAtMs: startMs })])]);
    await database.db
      .insertInto("watch_gap")
      .values({ service_id: serviceId, from_at_ms: startMs + minute, until_at_ms: null })
      .execute();
    await database.db
      .updateTable("service_state")
      .set({ has_been_checked: 0 })
      .where("service_id", "=", serviceId)
      .execute();
    clock.nowMs = startMs + 3 * minute;
    await storeBatches([batchOf([resultOf(hostId, serviceId, 0, { checkedAtMs: clock.nowMs })])]);
    clock.nowMs = startMs + 4 * minute;
    const query = AvailabilityQuery.parse({ fromMs: startMs, untilMs: clock.nowMs, only: "services" });
    const { data } = await readAvailability({ database, definitions, now }, everything, query);
    assert.equal(data[0]?.states.PENDING?.durationMs, 2 * minute);
    assert.equal(data[0]?.okMs, 2 * minute);
  });
});
