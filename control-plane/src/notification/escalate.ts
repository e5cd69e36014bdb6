import type { TimePeriods } from "@mycloud/checks/time-period";
import { type AudienceMember, audienceAt } from "./audience-at.ts";
import type { KnownEscalation, KnownRule } from "./known-rule.ts";
import { earliest } from "./rule-schedule.ts";

/** Where a rule stands with a problem. */
export interface RuleProgress {
  /** How many times the rule has told of it. */
  readonly count: number;
  readonly problemStartedAtMs: number;
  readonly state: string;
  readonly nowMs: number;
}

/** Who is told by a rule's next message, and how long until the one after it. */
export interface EscalationLevel {
  readonly members: readonly AudienceMember[];
  readonly repeatIntervalSeconds: number | null;
}

/**
 * The contacts of a rule, or, when escalations hold, those of all of them instead (Nagios: should_service_notification_be_escalated), at the shortest of
 * their intervals. Pure.
 */
export function levelOf(rule: KnownRule, progress: RuleProgress, periods: TimePeriods): EscalationLevel {
  const holding = rule.escalations.filter((escalation) => holds(escalation, progress, periods));
  if (holding.length === 0) {
    return { members: audienceAt(rule, progress.nowMs), repeatIntervalSeconds: rule.repeatIntervalSeconds };
  }
  const members = new Map<number, AudienceMember>();
  for (const escalation of holding) {
    for (const { contact, via } of audienceAt(escalation, progress.nowMs)) {
      if (members.has(contact.id)) continue;
      const level = `escalation ${escalation.position}`;
      members.set(contact.id, { contact, via: via === null ? level : `${level}, ${via}` });
    }
  }
  const intervals = holding
    .map((escalation) => escalation.repeatIntervalSeconds ?? rule.repeatIntervalSeconds)
    .filter((seconds) => seconds !== null && seconds > 0);
  return {
    members: [...members.values()],
    repeatIntervalSeconds: earliest(...intervals),
  };
}

/** When the next escalation by time begins, ms UTC; null when none is left. Pure. */
export function nextEscalationMs(rule: KnownRule, { problemStartedAtMs, nowMs }: RuleProgress): number | null {
  const starts = rule.escalations
    .flatMap(({ afterSeconds }) => (afterSeconds === null ? [] : problemStartedAtMs + afterSeconds * 1000))
    .filter((atMs) => atMs > nowMs);
  return earliest(...starts);
}

function holds(escalation: KnownEscalation, progress: RuleProgress, periods: TimePeriods): boolean {
  const { afterCount, untilCount, afterSeconds, untilSeconds, states, period } = escalation;
  const { count, problemStartedAtMs, state, nowMs } = progress;
  const ageMs = nowMs - problemStartedAtMs;
  // The message in question is the one after `count` others.
  const number = count + 1;
  if (afterCount !== null && number <= afterCount) return false;
  if (untilCount !== null && number > untilCount) return false;
  if (afterSeconds !== null && ageMs < afterSeconds * 1000) return false;
  if (untilSeconds !== null && ageMs > untilSeconds * 1000) return false;
  return (states === null || states.has(state)) && periods.isInside(period, nowMs);
}
