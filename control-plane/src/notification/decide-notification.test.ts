import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SuppressionReason } from "@mycloud/protocol/notification";
import { StateChangeKind } from "@mycloud/protocol/state-change";
import fc from "fast-check";
import { decideNotification, isBad, type NotificationQuestion } from "./decide-notification.ts";
import type { KnownContact, KnownDowntime, KnownRule } from "./definitions.ts";

const anna: KnownContact = { id: 1, name: "anna", email: "anna@example.org", customer: null, isEnabled: true };
const bob: KnownContact = { id: 2, name: "bob", email: "bob@example.org", customer: null, isEnabled: true };
const gone: KnownContact = { id: 3, name: "gone", email: "gone@example.org", customer: null, isEnabled: false };
const contacts = new Map([anna, bob, gone].map((contact) => [contact.id, contact]));

const rule = (name: string, states: string[], to: KnownContact[]): KnownRule => ({
  id: 1,
  name,
  selector: {},
  states: new Set(states),
  contacts: to,
});
const everything = rule("everything", ["CRITICAL", "UNKNOWN", "STALE", "DOWN", "RECOVERY"], [anna]);

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
    change: { kind: "state", toState: state, isHard: true, isRecovery: false, isFlapping: false },
    objectName: "web1/disk",
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
      recipients: [{ contact: anna, ruleName: "everything" }],
      message: "told anna",
    });
  });

  const everyReason: [SuppressionReason, Partial<NotificationQuestion>, string][] = [
    ["in-downtime", { downtime }, "in downtime 17 until 2026-01-01 12:00 UTC (carla: new disks)"],
    ["host-down", { isHostDown: true }, "host web1 is down, which is told by itself"],
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
      "no-enabled-contact",
      { rules: [rule("a", ["CRITICAL"], [gone])] },
      'rule "a" has no enabled contact for web1/disk',
    ],
    ["already-notified", { told: [told(1)] }, "anna already knew of CRITICAL in this problem"],
  ];
  for (const [reason, over, message] of everyReason) {
    test(`nobody is told, because ${reason}`, () => {
      assert.deepEqual(decideNotification(question(over)), { kind: "suppress", reason, message });
    });
  }

  test("of several reasons the first in the order of the protocol decides", () => {
    assert.deepEqual(
      everyReason.map(([reason]) => reason),
      SuppressionReason.options.filter((reason) => everyReason.some(([decided]) => decided === reason)),
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

  test("flapping is told to everybody whose rule covers the object, but not in downtime", () => {
    const change = { ...question().change, kind: "flapping-start" as const, toState: "WARNING", isFlapping: true };
    const verdict = decideNotification(question({ change, told: [told(1, "WARNING")] }));
    assert.deepEqual(names(verdict), ["anna"]);
    assert.equal(verdict.kind === "notify" && verdict.type, "FLAPPINGSTART");
    const quiet = decideNotification(question({ change, downtime }));
    assert.equal(quiet.kind === "suppress" && quiet.reason, "in-downtime");
  });
});

const anyContact = fc.record({
  id: fc.integer({ min: 1, max: 6 }),
  name: fc.constant("c"),
  email: fc.constant("c@example.org"),
  customer: fc.constant(null),
  isEnabled: fc.boolean(),
});
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
const anyRule = fc.record({
  id: fc.nat(5),
  name: fc.constantFrom("a", "b", "c"),
  selector: fc.constant({}),
  states: fc
    .uniqueArray(fc.constantFrom("WARNING", "CRITICAL", "STALE", "DOWN", "RECOVERY"))
    .map((list) => new Set(list)),
  contacts: fc.uniqueArray(anyContact, { selector: (contact) => contact.id }),
});
const anyQuestion: fc.Arbitrary<NotificationQuestion> = fc.record({
  change: fc.record({
    kind: fc.constantFrom(...StateChangeKind.options),
    toState: anyState,
    isHard: fc.boolean(),
    isRecovery: fc.boolean(),
    isFlapping: fc.boolean(),
  }),
  objectName: fc.constant("web1/disk"),
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
        const verdict = decideNotification({ ...asked, change, rules: [] });
        const expected = new Set(
          asked.told.map((entry) => entry.contactId).filter((id) => asked.contacts.get(id)?.isEnabled),
        );
        const recipients = verdict.kind === "notify" ? verdict.recipients : [];
        assert.deepEqual(new Set(recipients.map(({ contact }) => contact.id)), expected);
      }),
    );
  });
});
