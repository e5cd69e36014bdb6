import assert from "node:assert/strict";
import { test } from "node:test";
import { BackupSchedule, BandwidthPeriod } from "@mycloud/protocol/backup-policy";
import { openFromMs, planStart, ratesAt, type StartFacts, splayMs } from "./index.ts";

const at = (text: string) => Date.parse(text);
const minuteMs = 60_000;

function facts(schedule: Partial<BackupSchedule> = {}, more: Partial<StartFacts> = {}): StartFacts {
  return {
    schedule: BackupSchedule.parse({ cron: "0 2 * * *", ...schedule }),
    timing: "agent",
    splayMs: 10 * minuteMs,
    handledUpToMs: at("2026-03-01T12:00:00Z"),
    requested: null,
    isPaused: false,
    ...more,
  };
}

test("a run begins at its time and the host's splay, once", () => {
  const due = at("2026-03-02T02:00:00Z");
  assert.deepEqual(planStart(facts(), at("2026-03-01T23:00:00Z")), {
    kind: "wait",
    untilMs: due + 10 * minuteMs,
    handledUpToMs: facts().handledUpToMs,
  });
  const plan = planStart(facts(), due + 10 * minuteMs);
  assert.deepEqual(plan, { kind: "start", trigger: "schedule", handledUpToMs: due });
  const after = planStart(facts({}, { handledUpToMs: due }), due + 11 * minuteMs);
  assert.deepEqual(after, { kind: "wait", untilMs: due + 1450 * minuteMs, handledUpToMs: due });
});

test("times that passed while the host was off are made up for once, or passed over when told", () => {
  const now = at("2026-03-05T09:00:00Z");
  const last = at("2026-03-05T02:00:00Z");
  assert.deepEqual(planStart(facts(), now), { kind: "start", trigger: "schedule", handledUpToMs: last });
  assert.deepEqual(planStart(facts({ catchUp: false }), now), {
    kind: "wait",
    untilMs: at("2026-03-06T02:10:00Z"),
    handledUpToMs: last,
  });
});

test("what is due outside its window begins when that opens", () => {
  const window = { from: "22:00", to: "06:00" };
  const plan = planStart(facts({ window }), at("2026-03-05T09:00:00Z"));
  assert.deepEqual(plan, { kind: "wait", untilMs: at("2026-03-05T22:00:00Z"), handledUpToMs: facts().handledUpToMs });
  assert.equal(planStart(facts({ window }), at("2026-03-05T23:00:00Z")).kind, "start");
  assert.equal(planStart(facts({ window }), at("2026-03-05T05:59:00Z")).kind, "start");
});

test("times are those of the zone, over the change to summer time", () => {
  const berlin = { timeZone: "Europe/Berlin" };
  const winter = planStart(facts(berlin, { splayMs: 0 }), at("2026-03-27T12:00:00Z"));
  assert.equal(winter.kind, "start");
  const summer = facts(berlin, { splayMs: 0, handledUpToMs: at("2026-03-29T12:00:00Z") });
  assert.equal(planStart(summer, at("2026-03-29T12:00:00Z")).kind, "wait");
  assert.equal(planStart(summer, at("2026-03-30T00:00:00Z")).kind, "start");
  assert.equal(
    openFromMs({ from: "22:00", to: "06:00" }, "Europe/Berlin", at("2026-07-01T12:00:00Z")),
    at("2026-07-01T20:00:00Z"),
  );
});

test("who asks is served at once, also outside the window, and a paused job waits for whoever paused it", () => {
  const requested = { trigger: "manual" as const, notBeforeMs: 0 };
  const schedule = { window: { from: "22:00", to: "06:00" } };
  const plan = planStart(facts(schedule, { requested }), at("2026-03-05T09:00:00Z"));
  assert.equal(plan.kind === "start" ? plan.trigger : plan.kind, "manual");
  const paused = planStart(facts({}, { requested, isPaused: true }), at("2026-03-05T09:00:00Z"));
  assert.deepEqual(paused.kind === "wait" ? paused.untilMs : 0, Number.POSITIVE_INFINITY);
});

test("a job that a timer begins does not begin by itself", () => {
  const plan = planStart(facts({}, { timing: "timer" }), at("2026-03-09T09:00:00Z"));
  assert.deepEqual(plan.kind === "wait" ? plan.untilMs : 0, Number.POSITIVE_INFINITY);
});

test("hosts are spread over the splay, each always at the same place", () => {
  const places = Array.from({ length: 1000 }, (_, index) => splayMs(3600, `web${index}`, "home"));
  assert.equal(splayMs(3600, "web1", "home"), places[1]);
  const quarters = [0, 1, 2, 3].map(
    (quarter) => places.filter((place) => Math.floor(place / 900_000) === quarter).length,
  );
  assert.ok(
    quarters.every((count) => count > 200),
    `${quarters}`,
  );
  assert.equal(splayMs(0, "web1", "home"), 0);
});

test("the first bandwidth period that holds counts, and one over midnight is the evening's", () => {
  const office = BandwidthPeriod.parse({
    days: [1, 2, 3, 4, 5],
    from: "08:00",
    to: "18:00",
    uploadBytesPerSecond: 100_000,
  });
  const night = BandwidthPeriod.parse({ days: [5], from: "22:00", to: "04:00", uploadBytesPerSecond: 50_000 });
  const rate = (text: string) => ratesAt([office, night], "UTC", at(text)).upload;
  // 2026-03-06 is a Friday.
  assert.equal(rate("2026-03-06T09:00:00Z"), 100_000);
  assert.equal(rate("2026-03-06T18:00:00Z"), Number.POSITIVE_INFINITY);
  assert.equal(rate("2026-03-06T23:00:00Z"), 50_000);
  assert.equal(rate("2026-03-07T03:00:00Z"), 50_000);
  assert.equal(rate("2026-03-08T03:00:00Z"), Number.POSITIVE_INFINITY);
});
