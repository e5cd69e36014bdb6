import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createTimePeriods } from "@mycloud/checks/time-period";
import { SuppressionReason } from "@mycloud/protocol/notification";
import { StateChangeKind } from "@mycloud/protocol/state-change";
import { TimePeriodInput } from "@mycloud/protocol/time-period";
import fc from "fast-check";
import { decideNotification, isBad, type NotificationQuestion } from "./decide-notification.ts";
import type { KnownDowntime } from "./definitions.ts";
import { knownContact, knownEscalation, knownRule, plainQuestion } from "./testing/known.ts";

const anna = knownContact(1, "anna");
const bob = knownContact(2, "bob");
const gone = knownContact(3, "gone", { isEnabled: false });
const contacts = new Map([anna, bob, gone].map((contact) => [contact.id, contact]));

const rule = knownRule;
const everything = rule("everything", ["CRITICAL", "UNKNOWN", "STALE", "DOWN", "RECOVERY", "FLAPPING"], [anna]);
const periods = createTimePeriods([TimePeriodInput.parse({ name: "never" })]);

const downtime: KnownDowntime = {
  id: 17,
  selector: {},
  startAtMs: 0,
  endAtMs: Date.UTC(2026, 0, 1, 12),
  comment: "new disks",
  authorName: "carla",
  customer: null,
};

function question(over: Partial<NotificationQuestion> = {}, state = "CRITICAL"): NotificationQuestion {
  return {
    ...plainQuestion,
    periods,
    change: { kind: "state", toState: state, isHard: true, isRecovery: false, isFlapping: false },
    objectName: "web1/disk",
    serviceName: "disk",
    hostName: "web1",
    isHostDown: false,
    downtime: null,
    acknowledgement: null,
    rules: [everything],
    contacts,
    told: [],
    ...over,
  };
}

const recovery: NotificationQuestion["change"] = {
  kind: "state",
  toState: "OK",
  isHard: true,
  isRecovery: true,
  isFlapping: false,
};

const told = (contactId: number, state = "CRITICAL", ruleName: string | null = "everything") => ({
  contactId,
  state,
  ruleName,
});

function names(verdict: ReturnType<typeof decideNotification>): string[] {
  assert.equal(verdict.kind, "notify");
  return verdict.kind === "notify" ? verdict.recipients.map(({ contact }) => contact.name) : [];
}

describe("decideNotification", () => {
  test("a HARD problem is told to the contacts of the rules that name its state", () => {
    const verdict = decideNotification(question());
    assert.deepEqual(verdict, {
      kind: "notify",
      type: "PROBLEM",
      recipients: [{ contact: anna, rule: everything, ruleName: "everything", via: null, number: 1 }],
      message: "told anna",
      schedules: [],
    });
  });

  const everyReason: [SuppressionReason, Partial<NotificationQuestion>, string][] = [
    ["notifications-disabled", { isNotificationEnabled: false }, "notifications are switched off for web1/disk"],
    ["in-downtime", { downtime }, "in downtime 17 until 2026-01-01 12:00 UTC (carla: new disks)"],
    ["host-down", { isHostDown: true }, "host web1 is down, which is told by itself"],
    ["unreachable", { blockedBy: { reason: "unreachable", message: "reached through sw1" } }, "reached through sw1"],
    ["dependency-failed", { blockedBy: { reason: "dependency-failed", message: "needs db1" } }, "needs db1"],
    [
      "flapping",
      { change: { ...question().change, isFlapping: true } },
      "web1/disk is flapping; whoever was told of that is told when it settles",
    ],
    ["acknowledged", { acknowledgement: { authorName: "carla" } }, "carla acknowledged the problem"],
    ["no-rule-matches", { rules: [] }, "no enabled notification rule covers web1/disk"],
    [
      "state-not-in-any-rule",
      { rules: [rule("a", ["WARNING"], [anna]), rule("b", ["DOWN"], [anna])] },
      'rules "a", "b" do not tell of CRITICAL',
    ],
    [
      "below-business-impact",
      { rules: [knownRule("a", ["CRITICAL"], [anna], { minimumBusinessImpact: 4 })] },
      'rule "a" tells of business impact 4 and above; web1/disk has 2',
    ],
    [
      "outside-period",
      { rules: [knownRule("a", ["CRITICAL"], [anna], { period: "never" })] },
      'rule "a" tells in time period never only',
    ],
    [
      "first-delay",
      { rules: [knownRule("a", ["CRITICAL"], [anna], { firstDelaySeconds: 300 })] },
      'rule "a" waits until 1970-01-01 00:05:00 UTC, 300 s after the problem began',
    ],
    [
      "no-enabled-contact",
      { rules: [rule("a", ["CRITICAL"], [gone])] },
      'rule "a" has no enabled contact for web1/disk',
    ],
    [
      "contact-below-business-impact",
      { rules: [knownRule("a", ["CRITICAL"], [knownContact(4, "boss", { minimumBusinessImpact: 5 })])] },
      "boss wants to be told of a higher business impact than web1/disk has, which is 2",
    ],
    [
      "contact-state",
      { rules: [knownRule("a", ["CRITICAL"], [knownContact(4, "boss", { states: new Set(["DOWN"]) })])] },
      "boss does not want to be told of CRITICAL",
    ],
    [
      "contact-period",
      { rules: [knownRule("a", ["CRITICAL"], [knownContact(4, "boss", { period: "never" })])] },
      "boss: told in time period never only",
    ],
    ["already-notified", { told: [told(1)] }, "anna already knew of CRITICAL in this problem"],
  ];
  for (const [reason, over, message] of everyReason) {
    test(`nobody is told, because ${reason}`, () => {
      const verdict = decideNotification(question(over));
      assert.deepEqual(verdict.kind === "suppress" && [verdict.reason, verdict.message], [reason, message]);
    });
  }

  test("of several reasons the first in the order of the protocol decides", () => {
    assert.deepEqual(
      everyReason.map(([reason]) => reason),
      // The last three are about the form of messages that were decided on.
      SuppressionReason.options.slice(0, -3),
    );
    for (const [index, [reason]] of everyReason.entries()) {
      const later = everyReason.slice(index).map(([, over]) => over);
      // The last one wins in a spread, so the deciding one is put last; the rules of its own row are kept.
      const combined = Object.assign({}, ...later.toReversed());
      const verdict = decideNotification(question(combined));
      assert.equal(verdict.kind === "suppress" && verdict.reason, reason);
    }
  });

  test("a contact named by several matching rules is told once, by the first", () => {
    const verdict = decideNotification(question({ rules: [everything, rule("second", ["CRITICAL"], [bob, anna])] }));
    assert.deepEqual(verdict.kind === "notify" && verdict.recipients.map((r) => [r.contact.name, r.ruleName]), [
      ["anna", "everything"],
      ["bob", "second"],
    ]);
  });

  test("a change to another bad state is told again, and a contact who joins by it is told alone", () => {
    const both = [rule("both", ["WARNING", "CRITICAL"], [anna]), rule("critical only", ["CRITICAL"], [bob])];
    assert.deepEqual(names(decideNotification(question({ rules: both, told: [told(1, "WARNING")] }))), ["anna", "bob"]);
    assert.deepEqual(names(decideNotification(question({ rules: both, told: [told(1)] }))), ["bob"]);
  });

  test("a recovery goes to those who were told, also in downtime and while flapping", () => {
    const change = { ...recovery, isFlapping: true };
    const verdict = decideNotification(
      question({ change, downtime, told: [told(2, "CRITICAL", "deleted rule"), told(2)] }),
    );
    assert.deepEqual(names(verdict), ["bob"]);
  });

  test("a recovery of what nobody was told of tells nobody", () => {
    const verdict = decideNotification(question({ change: recovery }));
    assert.equal(verdict.kind === "suppress" && verdict.reason, "problem-not-notified");
  });

  test("a rule without RECOVERY keeps the recovery from its contacts", () => {
    const quiet = rule("everything", ["CRITICAL"], [anna]);
    const verdict = decideNotification(question({ change: recovery, rules: [quiet], told: [told(1)] }));
    assert.equal(verdict.kind === "suppress" && verdict.reason, "state-not-in-any-rule");
  });

  test("a contact disabled since is not told of the recovery", () => {
    const verdict = decideNotification(question({ change: recovery, told: [told(3), told(99)] }));
    assert.equal(verdict.kind === "suppress" && verdict.reason, "no-enabled-contact");
  });

  test("flapping is told to those whose rule tells of it, but not in downtime", () => {
    const change = { ...question().change, kind: "flapping-start" as const, toState: "WARNING", isFlapping: true };
    const verdict = decideNotification(question({ change, told: [told(1, "WARNING")] }));
    assert.deepEqual(names(verdict), ["anna"]);
    assert.equal(verdict.kind === "notify" && verdict.type, "FLAPPINGSTART");
    const quiet = decideNotification(question({ change, downtime }));
    assert.equal(quiet.kind === "suppress" && quiet.reason, "in-downtime");
    const other = decideNotification(question({ change, rules: [rule("problems", ["WARNING"], [anna])] }));
    assert.equal(other.kind === "suppress" && other.reason, "state-not-in-any-rule");
  });
});

const anyContact = fc
  .record({
    id: fc.integer({ min: 1, max: 6 }),
    isEnabled: fc.boolean(),
    period: fc.constantFrom(null, "never"),
    minimumBusinessImpact: fc.integer({ min: 0, max: 5 }),
  })
  .map(({ id, ...over }) => knownContact(id, "c", over));
const anyState = fc.constantFrom(
  "OK",
  "WARNING",
  "CRITICAL",
  "UNKNOWN",
  "STALE",
  "UP",
  "DOWN",
  "UNREACHABLE",
  "PENDING",
);
const anyEscalation = fc
  .record({ contact: anyContact, afterCount: fc.nat(2), repeatIntervalSeconds: fc.constantFrom(null, 0, 60) })
  .map(({ contact, ...over }) => knownEscalation([contact], over));
const anyRule = fc
  .record({
    id: fc.nat(5),
    name: fc.constantFrom("a", "b", "c"),
    states: fc.uniqueArray(fc.constantFrom("WARNING", "CRITICAL", "STALE", "DOWN", "RECOVERY", "FLAPPING")),
    contacts: fc.uniqueArray(anyContact, { selector: (contact) => contact.id }),
    period: fc.constantFrom(null, "never"),
    minimumBusinessImpact: fc.integer({ min: 0, max: 5 }),
    firstDelaySeconds: fc.constantFrom(0, 60),
    repeatIntervalSeconds: fc.constantFrom(null, 60),
    escalations: fc.array(anyEscalation, { maxLength: 2 }),
  })
  .map(({ name, states, contacts: to, ...over }) => knownRule(name, states, to, over));
const anySchedule = fc.record({
  ruleId: fc.nat(5),
  count: fc.nat(3),
  dueAtMs: fc.constantFrom(null, 0, 50_000),
  repeatAtMs: fc.constantFrom(null, 0, 50_000),
});
const anyQuestion: fc.Arbitrary<NotificationQuestion> = fc.record({
  isNotificationEnabled: fc.boolean(),
  businessImpact: fc.integer({ min: 0, max: 5 }),
  problemStartedAtMs: fc.constantFrom(null, 0),
  schedules: fc.array(anySchedule).map((list) => new Map(list.map((entry) => [entry.ruleId, entry]))),
  dueRules: fc.option(fc.uniqueArray(fc.nat(5)).map((ids) => new Set(ids))),
  periods: fc.constant(periods),
  nowMs: fc.constantFrom(0, 30_000, 90_000),
  change: fc.record({
    kind: fc.constantFrom(...StateChangeKind.options),
    toState: anyState,
    isHard: fc.boolean(),
    isRecovery: fc.boolean(),
    isFlapping: fc.boolean(),
  }),
  objectName: fc.constant("web1/disk"),
  serviceName: fc.constant("disk"),
  hostName: fc.constant("web1"),
  isHostDown: fc.boolean(),
  downtime: fc.option(fc.constant(downtime)),
  acknowledgement: fc.option(fc.constant({ authorName: "carla" })),
  rules: fc.array(anyRule, { maxLength: 4 }),
  contacts: fc.array(anyContact).map((list) => new Map(list.map((contact) => [contact.id, contact]))),
  told: fc.array(
    fc.record({
      contactId: fc.integer({ min: 1, max: 6 }),
      state: anyState,
      ruleName: fc.option(fc.constantFrom("a", "b", "c", "deleted")),
    }),
    { maxLength: 6 },
  ),
});

describe("decideNotification, for every question", () => {
  test("a HARD bad state has either recipients or exactly one reason of the protocol", () => {
    fc.assert(
      fc.property(anyQuestion, (asked) => {
        const { change } = asked;
        fc.pre(change.isHard && isBad(change.toState) && !change.isRecovery);
        const verdict = decideNotification(asked);
        if (verdict.kind === "notify") assert.ok(verdict.recipients.length > 0);
        else assert.ok(verdict.kind === "suppress" && SuppressionReason.safeParse(verdict.reason).success);
      }),
    );
  });

  test("a SOFT state never notifies", () => {
    fc.assert(
      fc.property(anyQuestion, (asked) => {
        const change = { ...asked.change, kind: "state" as const, isHard: false, isRecovery: false };
        assert.deepEqual(decideNotification({ ...asked, change }), { kind: "no-question" });
      }),
    );
  });

  test("nobody is told twice, and nobody who is disabled", () => {
    fc.assert(
      fc.property(anyQuestion, (asked) => {
        const verdict = decideNotification(asked);
        if (verdict.kind !== "notify") return;
        const ids = verdict.recipients.map(({ contact }) => contact.id);
        assert.equal(new Set(ids).size, ids.length);
        assert.ok(verdict.recipients.every(({ contact }) => contact.isEnabled));
      }),
    );
  });

  test("what a rule is to be asked next lies in the time to come, unless nobody could be told", () => {
    fc.assert(
      fc.property(anyQuestion, (asked) => {
        const verdict = decideNotification(asked);
        if (verdict.kind !== "notify") return;
        for (const { ruleId, count, repeatAtMs } of verdict.schedules) {
          assert.ok(count >= (asked.schedules.get(ruleId)?.count ?? 0), "a rule does not forget that it told");
          const before = asked.schedules.get(ruleId)?.repeatAtMs ?? null;
          assert.ok(repeatAtMs === null || repeatAtMs > asked.nowMs || repeatAtMs === before);
        }
      }),
    );
  });

  test("a recovery goes to nobody who was not told of the problem", () => {
    fc.assert(
      fc.property(anyQuestion, (asked) => {
        const verdict = decideNotification({ ...asked, change: { ...asked.change, kind: "state", isRecovery: true } });
        if (verdict.kind !== "notify") return;
        const known = new Set(asked.told.map((entry) => entry.contactId));
        assert.ok(verdict.recipients.every(({ contact }) => known.has(contact.id)));
      }),
    );
  });

  test("without rules that refuse it, a recovery goes to everybody who was told and still can be", () => {
    fc.assert(
      fc.property(anyQuestion, (asked) => {
        const change = { ...asked.change, kind: "state" as const, isRecovery: true };
        const verdict = decideNotification({ ...asked, change, rules: [], isNotificationEnabled: true });
        const expected = new Set(
          asked.told.map((entry) => entry.contactId).filter((id) => asked.contacts.get(id)?.isEnabled),
        );
        const recipients = verdict.kind === "notify" ? verdict.recipients : [];
        assert.deepEqual(new Set(recipients.map(({ contact }) => contact.id)), expected);
      }),
    );
  });
});
