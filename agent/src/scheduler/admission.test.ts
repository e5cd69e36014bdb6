import assert from "node:assert/strict";
import test from "node:test";
import { TimePeriodInput } from "@mycloud/protocol/time-period";
import { createAdmission } from "./admission.ts";
import { nextOnGrid } from "./grid.ts";
import { finish, reconcile, requestNow, takeDue } from "./schedule.ts";

const work = TimePeriodInput.parse({ name: "work", weekly: { monday: ["09:00-17:00"] } });
const check = {
  serviceId: 7,
  serviceName: "disk",
  command: "disk",
  arguments: [],
  checkIntervalSeconds: 300,
  retryIntervalSeconds: 60,
  maxCheckAttempts: 3,
  timeoutSeconds: 10,
  checkPeriod: "work",
};
const monday = (time: string) => Date.parse(`2026-11-23T${time}:00Z`);
const admission = createAdmission({ timePeriods: [work] });

test("inside its period a check runs when it is due", () => {
  assert.equal(admission(check, monday("09:00")), monday("09:00"));
  assert.equal(admission({ ...check, checkPeriod: null }, monday("03:00")), monday("03:00"));
});

test("outside its period a check waits for its own place after the period begins", () => {
  const place = admission(check, monday("03:00"));
  assert.equal(place, nextOnGrid(check, monday("09:00") - 1));
  assert.ok(place >= monday("09:00") && place < monday("09:05"));
});

test("a check whose interval is longer than its period runs when the period begins", () => {
  const weekly = { ...check, checkIntervalSeconds: 604_800 };
  const place = admission(weekly, monday("03:00"));
  assert.ok(place >= monday("09:00") && place < monday("17:00"));
});

test("a check that is held is not started, and comes back at its next place", () => {
  const held = createAdmission({ heldServiceIds: [7] });
  const schedule = reconcile(new Map(), [{ ...check, checkPeriod: null }], monday("09:00"));
  const due = takeDue(schedule, monday("09:01"), 4, held);
  assert.deepEqual(due.starts, []);
  assert.equal(due.schedule.get(7)?.plannedAtMs, nextOnGrid(check, monday("09:01")));
  assert.equal(due.schedule.get(7)?.skipped, 0);
});

test("a host check is held by its host's id, and nothing else of that id is", () => {
  const hostCheck = { ...check, serviceId: null, serviceName: null, hostId: 7, checkPeriod: null };
  const at = monday("09:01");
  assert.ok(createAdmission({ heldHostIds: [7] })(hostCheck, at) > at);
  assert.equal(createAdmission({ heldServiceIds: [7] })(hostCheck, at), at);
  assert.equal(createAdmission({ heldHostIds: [7] })({ ...check, checkPeriod: null }, at), at);
});

test("a check that somebody asks for runs outside its period and though it is held", () => {
  const closed = createAdmission({ heldServiceIds: [7], timePeriods: [work] });
  const schedule = requestNow(reconcile(new Map(), [check], monday("03:00")), [7], monday("03:01"));
  const due = takeDue(schedule, monday("03:01"), 4, closed);
  assert.equal(due.starts.length, 1);
  const after = finish(due.schedule, 7, { isOk: true, startedAtMs: monday("03:01") }, monday("03:02"));
  assert.deepEqual(takeDue(after, monday("03:30"), 4, closed).starts, []);
});
