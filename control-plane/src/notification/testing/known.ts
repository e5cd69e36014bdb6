import { createTimePeriods } from "@mycloud/checks/time-period";
import type { NotificationQuestion } from "../decide-notification.ts";
import type { KnownContact, KnownEscalation, KnownRule } from "../known-rule.ts";

/** A contact with a mailbox who is told of everything at any time. */
export function knownContact(id: number, name: string, over: Partial<KnownContact> = {}): KnownContact {
  return {
    id,
    name,
    email: `${name}@example.org`,
    customer: null,
    isEnabled: true,
    period: null,
    states: null,
    minimumBusinessImpact: 0,
    channels: [{ type: "email" }],
    stormLimitPerMinute: 30,
    ...over,
  };
}

/** A rule for everything that tells once, at once. */
export function knownRule(
  name: string,
  states: readonly string[],
  contacts: readonly KnownContact[],
  over: Partial<KnownRule> = {},
): KnownRule {
  return {
    id: 1,
    name,
    selector: {},
    states: new Set(states),
    contacts,
    onCall: [],
    period: null,
    minimumBusinessImpact: 0,
    firstDelaySeconds: 0,
    repeatIntervalSeconds: null,
    escalations: [],
    groupBy: [],
    groupWaitSeconds: 0,
    digest: null,
    ...over,
  };
}

/** An escalation to some contacts that never begins unless `over` says when. */
export function knownEscalation(contacts: readonly KnownContact[], over: Partial<KnownEscalation>): KnownEscalation {
  return {
    position: 1,
    contacts,
    onCall: [],
    afterCount: null,
    untilCount: null,
    afterSeconds: null,
    untilSeconds: null,
    states: null,
    period: null,
    repeatIntervalSeconds: null,
    ...over,
  };
}

/** The parts of a question that matter only where a test says so. */
export const plainQuestion = {
  isNotificationEnabled: true,
  businessImpact: 2,
  problemStartedAtMs: 0,
  schedules: new Map(),
  dueRules: null,
  periods: createTimePeriods([]),
  nowMs: 0,
} as const satisfies Partial<NotificationQuestion>;
