import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createTimePeriods } from "@mycloud/checks/time-period";
import { OnCallScheduleInput } from "@mycloud/protocol/on-call";
import { TimePeriodInput } from "@mycloud/protocol/time-period";
import { judgeRule, type RuleQuestion, type RuleVerdict } from "./judge-rule.ts";
import type { KnownRule } from "./known-rule.ts";
import type { ToldContact } from "./recipients.ts";
import type { RuleSchedule } from "./rule-schedule.ts";
import { knownContact, knownEscalation, knownRule } from "./testing/known.ts";

const minute = 60_000;
const start = Date.UTC(2026, 0, 5, 8);
const anna = knownContact(1, "anna");
const bob = knownContact(2, "bob");
const boss = knownContact(3, "boss");
const periods = createTimePeriods([
  TimePeriodInput.parse({ name: "office", weekly: { monday: ["09:00-17:00"], tuesday: ["09:00-17:00"] } }),
]);

/** Lets a rule run on one problem: asked when it begins and whenever it wants to be asked again. Tells who was told when, in minutes. */
function follow(rule: KnownRule, untilMinutes: number, at: (minutes: number) => Partial<RuleQuestion> = () => ({})) {
  const told: ToldContact[] = [];
  const schedules = new Map<number, RuleSchedule>();
  const log: string[] = [];
  let nowMs = start;
  for (let isDue = false; ; isDue = true) {
    const minutes = (nowMs - start) / minute;
    const question: RuleQuestion = {
      objectName: "web1/disk",
      businessImpact: 2,
      state: "CRITICAL",
      problemStartedAtMs: start,
      told,
      schedules,
      isDue,
      periods,
      nowMs,
      ...at(minutes),
    };
    const verdict: RuleVerdict = judgeRule(rule, question);
    if (verdict.schedule !== null) schedules.set(rule.id, verdict.schedule);
    if (verdict.kind === "tell") {
      const names = verdict.recipients.map(
        ({ contact, via, number }) => `${contact.name}#${number}${via === null ? "" : ` (${via})`}`,
      );
      log.push(`${minutes}: ${names.join(", ")}`);
      for (const { contact } of verdict.recipients) {
        told.push({ contactId: contact.id, state: question.state, ruleName: rule.name });
      }
    } else log.push(`${minutes}: ${verdict.reason}`);
    const next = schedules.get(rule.id)?.dueAtMs ?? null;
    if (next === null || next > start + untilMinutes * minute) return log;
    assert.ok(next > nowMs, "time goes on");
    nowMs = next;
  }
}

describe("judgeRule, over the life of a problem", () => {
  test("a state that one contact does not want to hear of still counts for the others and for escalations", () => {
    const quiet = knownContact(4, "quiet", { states: new Set(["DOWN"]) });
    const escalations = [knownEscalation([boss, quiet], { afterCount: 1 })];
    const rule = knownRule("r", ["CRITICAL"], [anna, quiet], { repeatIntervalSeconds: 600, escalations });
    assert.deepEqual(follow(rule, 10), ["0: anna#1", "10: boss#2 (escalation 1)"]);
  });

  test("a rule that keeps no row counts its messages by whom it told", () => {
    const question = { objectName: "web1/disk", businessImpact: 2, problemStartedAtMs: start, schedules: new Map() };
    const told = [{ contactId: 1, state: "WARNING", ruleName: "r" }];
    const rule = knownRule("r", ["WARNING", "CRITICAL"], [anna]);
    const verdict = judgeRule(rule, { ...question, state: "CRITICAL", told, isDue: false, periods, nowMs: start });
    assert.equal(verdict.kind === "tell" && verdict.recipients[0]?.number, 2);
    const settled = [{ contactId: 1, state: "CRITICAL", ruleName: "e", isByFlapping: true }];
    const escalating = knownRule("e", ["CRITICAL"], [anna], {
      escalations: [knownEscalation([boss], { afterCount: 1 })],
    });
    const after = judgeRule(escalating, {
      ...question,
      state: "CRITICAL",
      told: settled,
      isDue: false,
      periods,
      nowMs: start,
    });
    assert.deepEqual(after.kind === "quiet" && [after.reason, after.schedule?.count], ["already-notified", 1]);
  });

  test("a plain rule tells once and is not asked again", () => {
    assert.deepEqual(follow(knownRule("r", ["CRITICAL"], [anna]), 1e6), ["0: anna#1"]);
  });

  test("a first delay holds the first message back, and the repeats count from it", () => {
    const rule = knownRule("r", ["CRITICAL"], [anna], { firstDelaySeconds: 300, repeatIntervalSeconds: 3600 });
    assert.deepEqual(follow(rule, 130), ["0: first-delay", "5: anna#1", "65: anna#2", "125: anna#3"]);
  });

  test("escalations by count replace the contacts from a message on, until a message, at their own interval", () => {
    const rule = knownRule("r", ["CRITICAL"], [anna], {
      repeatIntervalSeconds: 600,
      escalations: [
        knownEscalation([anna, bob], { afterCount: 2, untilCount: 4, repeatIntervalSeconds: 1200 }),
        knownEscalation([boss], { position: 2, afterCount: 3 }),
      ],
    });
    // As Nagios: first_notification 3, last_notification 4; where both hold, both are told at the shorter interval.
    assert.deepEqual(follow(rule, 65), [
      "0: anna#1",
      "10: anna#2",
      "20: anna#3 (escalation 1), bob#3 (escalation 1)",
      "40: anna#4 (escalation 1), bob#4 (escalation 1), boss#4 (escalation 2)",
      "50: boss#5 (escalation 2)",
      "60: boss#6 (escalation 2)",
    ]);
  });

  test("an escalation by time is told at its moment, also by a rule that never repeats", () => {
    const rule = knownRule("r", ["CRITICAL"], [anna], {
      escalations: [knownEscalation([boss], { afterSeconds: 1800, untilSeconds: 7200 })],
    });
    assert.deepEqual(follow(rule, 1e6), ["0: anna#1", "30: boss#2 (escalation 1)"]);
  });

  test("outside its period a rule waits for the next one", () => {
    const rule = knownRule("r", ["CRITICAL"], [anna], { period: "office", repeatIntervalSeconds: 4 * 3600 });
    assert.deepEqual(follow(rule, 26 * 60), [
      "0: outside-period",
      "60: anna#1",
      "300: anna#2",
      "540: outside-period",
      "1500: anna#3",
    ]);
  });

  test("a contact outside of its own period is told when that begins, and the others are not told again", () => {
    const rule = knownRule("r", ["CRITICAL"], [anna, knownContact(4, "clerk", { period: "office" })]);
    assert.deepEqual(follow(rule, 1e6), ["0: anna#1", "60: clerk#1"]);
  });

  test("whoever is on call at the moment of the message is told, each turn its own", () => {
    const schedule = OnCallScheduleInput.parse({
      name: "days",
      members: ["anna", "bob"],
      every: "day",
      time: "09:00",
      startDate: "2026-01-04",
    });
    const onCall = [
      {
        schedule,
        contactsByName: new Map([
          ["anna", anna],
          ["bob", bob],
        ]),
      },
    ];
    const rule = knownRule("r", ["CRITICAL"], [], { onCall, repeatIntervalSeconds: 7200 });
    assert.deepEqual(follow(rule, 120), ["0: anna#1 (on call days)", "120: bob#2 (on call days)"]);
  });

  test("an on-call schedule that has not begun is asked again until somebody is on call", () => {
    const schedule = OnCallScheduleInput.parse({
      name: "d",
      members: ["anna"],
      time: "08:12",
      startDate: "2026-01-05",
    });
    const onCall = [{ schedule, contactsByName: new Map([["anna", anna]]) }];
    const log = follow(knownRule("r", ["CRITICAL"], [], { onCall }), 1e6);
    assert.deepEqual(log, [
      "0: no-enabled-contact",
      "5: no-enabled-contact",
      "10: no-enabled-contact",
      "15: anna#1 (on call d)",
    ]);
  });

  test("a state that the rule does not tell of ends its repeats", () => {
    const rule = knownRule("r", ["CRITICAL"], [anna], { repeatIntervalSeconds: 600 });
    const log = follow(rule, 100, (minutes) => ({ state: minutes < 20 ? "CRITICAL" : "WARNING" }));
    assert.deepEqual(log, ["0: anna#1", "10: anna#2", "20: state-not-in-any-rule"]);
  });

  test("a rule whose contacts were told by another rule goes on from there", () => {
    const rule = knownRule("r", ["CRITICAL"], [anna], { repeatIntervalSeconds: 600 });
    const told = [{ contactId: 1, state: "CRITICAL", ruleName: "other" }];
    const log = follow(rule, 10, (minutes) => (minutes === 0 ? { told } : {}));
    assert.deepEqual(log, ["0: already-notified", "10: anna#2"]);
  });
});
