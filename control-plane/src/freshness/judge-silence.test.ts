import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeSilence, type OverdueObject, silenceInWords } from "./judge-silence.ts";
import { freshnessOfHost, freshnessOfService } from "./overdue-after.ts";

const nowMs = Date.UTC(2026, 10, 22, 12, 4, 39);
const host: OverdueObject = {
  hostId: 1,
  serviceId: null,
  overdueAtMs: nowMs - 1000,
  lastReceivedAtMs: nowMs - 95_000,
  createdAtMs: nowMs - 1_000_000,
  hasAgent: true,
  expectedEverySeconds: null,
  isPassive: false,
  hostOverdueAtMs: null,
  hostLastSeenAtMs: null,
};
const service = { ...host, serviceId: 2, expectedEverySeconds: 60, lastReceivedAtMs: nowMs - 185_000 };

test("an agent that is missed takes its host down, with how long and since when", () => {
  assert.deepEqual(judgeSilence(host, nowMs), {
    verdict: "down",
    output: "no keepalive from the agent for 95 s (last 12:03:04 UTC)",
  });
});

test("a service without results is stale, with what was expected from whom", () => {
  assert.deepEqual(judgeSilence(service, nowMs), {
    verdict: "stale",
    output: "no result for 3 min; expected every 60 s from the agent (last 12:01:34 UTC)",
  });
  const passive = judgeSilence({ ...service, isPassive: true, expectedEverySeconds: 7200 }, nowMs);
  assert.match(passive.verdict === "stale" ? passive.output : "", /expected every 2 h from its sender/);
});

test("a service waits while its host's agent is late but not given up", () => {
  const late = { ...service, hostOverdueAtMs: nowMs + 30_000, hostLastSeenAtMs: nowMs - 60_000 };
  assert.equal(judgeSilence(late, nowMs).verdict, "wait");
  assert.equal(judgeSilence({ ...late, hostLastSeenAtMs: nowMs - 20_000 }, nowMs).verdict, "stale");
  assert.equal(judgeSilence({ ...late, hostOverdueAtMs: nowMs - 1 }, nowMs).verdict, "stale");
});

test("a passive host is stale, never down", () => {
  assert.equal(judgeSilence({ ...host, hasAgent: false, expectedEverySeconds: 300 }, nowMs).verdict, "stale");
});

test("deadlines forgive one lost run and never come within a minute", () => {
  const service = { isPassive: false, isEnabled: true, freshnessSeconds: null };
  assert.equal(freshnessOfService({ ...service, checkIntervalSeconds: 60, timeoutSeconds: 30 }), 150_000);
  assert.equal(freshnessOfService({ ...service, checkIntervalSeconds: 5, timeoutSeconds: 5 }), 60_000);
  assert.equal(freshnessOfService({ ...service, isEnabled: false, checkIntervalSeconds: 5, timeoutSeconds: 5 }), null);
  assert.equal(freshnessOfHost({ hasAgent: true, freshnessSeconds: null }), 90_000);
  assert.equal(freshnessOfHost({ hasAgent: false, freshnessSeconds: null }), null);
});

test("durations are told in the largest unit of which there are two", () => {
  assert.deepEqual([5_000, 119_000, 120_000, 7_200_000, 200_000_000].map(silenceInWords), [
    "5 s",
    "119 s",
    "2 min",
    "2 h",
    "2 d",
  ]);
});

test("a service whose probers are all away is stale for that reason, and waits while another takes over", () => {
  const probing = {
    customer: null,
    unable: [{ name: "p1", customer: null, fault: "silent" as const }],
    proberName: "p1",
    proberCustomer: null,
    isLive: false,
    lastSeenAtMs: nowMs - 100_000,
    keepaliveSeconds: 30,
    sinceMs: 0,
  };
  const probed = { ...service, hasAgent: false, probing };
  const stale = judgeSilence(probed, nowMs);
  assert.match(
    stale.verdict === "stale" ? stale.output : "",
    /^no result for 3 min: no live prober: the agent of "p1"/,
  );
  const late = { ...probing, isLive: true, lastSeenAtMs: nowMs - 50_000 };
  assert.equal(judgeSilence({ ...probed, probing: late }, nowMs).verdict, "wait");
  const takingOver = { ...probing, isLive: true, lastSeenAtMs: nowMs, sinceMs: nowMs - 10_000 };
  assert.equal(judgeSilence({ ...probed, probing: takingOver }, nowMs).verdict, "wait");
  assert.equal(judgeSilence({ ...probed, probing: { ...takingOver, sinceMs: 0 } }, nowMs).verdict, "stale");
  const hidden = judgeSilence({ ...probed, probing: { ...takingOver, sinceMs: 0, proberName: null } }, nowMs);
  assert.match(hidden.verdict === "stale" ? hidden.output : "", /of its prober \(/);
});
