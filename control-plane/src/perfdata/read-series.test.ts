import assert from "node:assert/strict";
import { it } from "node:test";
import { batchOf, ingestFixture, resultOf } from "../check-result/testing/ingest-fixture.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { everything } from "../scope/index.ts";
import { createSqlSource, readPerfdata } from "./index.ts";

forEachDialect((_dialect, open) => {
  it("results that somebody sends every five minutes make one line, and their counters a rate", async () => {
    const database = await open();
    const { db } = database;
    const { ids, clock, storeBatches } = await ingestFixture(database, { hosts: 1, servicesPerHost: 1 });
    const [{ hostId, serviceIds } = assert.fail()] = ids;
    const serviceId = serviceIds[0] ?? assert.fail();
    const fromMs = clock.nowMs;
    for (let result = 0; result < 12; result += 1) {
      // One comes late.
      clock.nowMs = fromMs + result * 300_000 + (result === 5 ? 40_000 : 0);
      await storeBatches([batchOf([resultOf(hostId, serviceId, 0, { output: `fine | octets=${result * 3000}c` })])]);
    }
    const query = { fromMs, untilMs: clock.nowMs + 1000, points: 400 };
    const { signal } = new AbortController();
    const request = { scope: everything, serviceId, query, signal };
    const chart = await readPerfdata(db, createSqlSource(db), request, clock.nowMs);
    assert.equal(chart.gapSeconds, 900);
    const rates = chart.series[0]?.mean ?? [];
    assert.ok(rates.length >= 11 && rates.every((rate) => rate > 8 && rate < 12), String(rates));
  });
});
