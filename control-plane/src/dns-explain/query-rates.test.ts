import assert from "node:assert/strict";
import { test } from "node:test";
import type { NameServerStatus } from "@mycloud/protocol/name-server";
import { createQueryRates } from "./query-rates.ts";

function status(queries: number, zoneQueries: number, startedAtMs = 1): NameServerStatus {
  const zone = { name: "example.org.", view: null, serial: 1, recordCount: 3, refreshAtMs: null, expiresAtMs: null };
  return {
    ...{ version: "1", startedAtMs, listeners: [], queries, queriesByType: {}, rateLimited: 0 },
    ...{ answersByCode: { NXDOMAIN: queries / 2 }, topClients: [], topNames: [] },
    zones: [{ ...zone, error: null, notified: [], queries: zoneQueries }],
  };
}

test("rates are what came between two statuses, and begin anew with a process", () => {
  const rates = createQueryRates();
  rates.note("ns1", status(100, 10), 15_000);
  rates.note("ns1", status(250, 40), 30_000);
  assert.deepEqual(rates.ofServer("ns1"), [
    { atMs: 30_000, queriesPerSecond: 10, nameErrorsPerSecond: 5, rateLimitedPerSecond: 0 },
  ]);
  rates.note("ns1", status(5, 1, 2), 45_000);
  assert.equal(rates.ofServer("ns1").length, 1, "a counter that began anew says nothing");
  rates.note("ns1", status(35, 16, 2), 60_000);
  assert.equal(rates.ofServer("ns1").at(-1)?.queriesPerSecond, 2);
});

test("a zone's are those of all servers together", () => {
  const rates = createQueryRates();
  for (const [server, more] of [
    ["ns1", 30],
    ["ns2", 60],
  ] as const) {
    rates.note(server, status(100, 10), 15_000);
    rates.note(server, status(100, 10 + more), 30_000);
  }
  assert.deepEqual(
    rates.ofZone("Example.org.", null).map(({ queriesPerSecond }) => queriesPerSecond),
    [6],
  );
  assert.deepEqual(rates.ofZone("example.org.", "inside"), []);
});

test("an hour is kept", () => {
  const rates = createQueryRates();
  for (let step = 0; step < 1_000; step += 1) rates.note("ns1", status(step, step), step * 15_000);
  assert.equal(rates.ofServer("ns1").length, 240);
});
