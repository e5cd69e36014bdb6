import type { TimePeriods } from "@mycloud/checks/time-period";
import type { SuppressionReason } from "@mycloud/protocol/notification";
import { type AudienceMember, isReachable, wants } from "./audience-at.ts";
import { levelOf, nextEscalationMs, type RuleProgress } from "./escalate.ts";
import type { KnownRule } from "./known-rule.ts";
import { formatInstant } from "./mail/format-time.ts";
import type { Recipient, ToldContact } from "./recipients.ts";
import { earliest, type RuleSchedule } from "./rule-schedule.ts";

/** What one rule rests on, besides itself. */
export interface RuleQuestion {
  /** `web1/disk` or `web1`, for sentences. */
  readonly objectName: string;
  readonly businessImpact: number;
  /** What the rule must name to speak: the state, or FLAPPING. */
  readonly state: string;
  readonly problemStartedAtMs: number | null;
  /** Who was told of this problem so far, oldest first. */
  readonly told: readonly ToldContact[];
  /** Where the rules stand with the problem, by their ids. */
  readonly schedules: ReadonlyMap<number, RuleSchedule>;
  /** True when the rule is asked because its time has come, false because something happened. */
  readonly isDue: boolean;
  readonly periods: TimePeriods;
  readonly nowMs: number;
}

/** A rule tells, or has one reason not to, and says when to ask it again: `schedule` is what to store, null to leave what is stored. */
export type RuleVerdict =
  | { readonly kind: "tell"; readonly recipients: readonly Recipient[]; readonly schedule: RuleSchedule | null }
  | {
      readonly kind: "quiet";
      readonly reason: SuppressionReason;
      readonly message: string;
      readonly schedule: RuleSchedule | null;
    };

/** How long after nobody could be told a rule with an on-call schedule is asked again. */
const turnLookMs = 5 * 60_000;

/** Judges one rule that covers a problem, in the order of SuppressionReason. Pure. */
export function judgeRule(rule: KnownRule, question: RuleQuestion): RuleVerdict {
  const { state, nowMs, periods, schedules, isDue } = question;
  const known = schedules.get(rule.id);
  const count = known?.count ?? messagesOf(rule, question.told);
  const startedAtMs = question.problemStartedAtMs ?? nowMs;
  const nothingToCome = known === undefined ? null : { ...known, dueAtMs: null, repeatAtMs: null };
  const askAgain = (dueAtMs: number | null): RuleSchedule | null =>
    dueAtMs === null && known === undefined
      ? null
      : { ruleId: rule.id, count, dueAtMs, repeatAtMs: known?.repeatAtMs ?? null };

  const gate = gateOf(rule, question);
  if (gate !== null) return quiet(gate.reason, gate.message, nothingToCome);
  if (!periods.isInside(rule.period, nowMs)) {
    return quiet(
      "outside-period",
      sayPeriod(`rule "${rule.name}"`, rule.period),
      askAgain(periods.nextStart(rule.period, nowMs)),
    );
  }
  const firstAtMs = startedAtMs + rule.firstDelaySeconds * 1000;
  if (count === 0 && nowMs < firstAtMs) {
    const message = `rule "${rule.name}" waits until ${formatInstant(firstAtMs)}, ${rule.firstDelaySeconds} s after the problem began`;
    return quiet("first-delay", message, askAgain(firstAtMs));
  }
  // Asked before its time to repeat, a rule that has told already brings up to date who has not heard of it yet.
  const isRepeat = isDue && known?.repeatAtMs != null && nowMs >= known.repeatAtMs;
  const isCatchUp = isDue && !isRepeat && count > 0;
  const progress: RuleProgress = {
    count: isCatchUp ? count - 1 : count,
    problemStartedAtMs: startedAtMs,
    state,
    nowMs,
  };
  const level = levelOf(rule, progress, periods);
  const able = ableNow(rule, level.members, question);
  const laterMs = earliest(able.laterMs, level.members.length === 0 ? nextEscalationMs(rule, progress) : null);
  if (able.reason !== null) return quiet(able.reason, able.message, askAgain(laterMs ?? nextLook(rule, progress)));

  const lastTold = new Map(question.told.map((entry) => [entry.contactId, entry.state]));
  const fresh = isRepeat ? able.members : able.members.filter(({ contact }) => lastTold.get(contact.id) !== state);
  const isRound = !isCatchUp && (fresh.length > 0 || count === 0);
  const number = isRound ? count + 1 : Math.max(count, 1);
  const kept = isRound ? null : (known?.repeatAtMs ?? null);
  const interval = level.repeatIntervalSeconds === null ? null : nowMs + level.repeatIntervalSeconds * 1000;
  const repeatAtMs = kept ?? earliest(interval, nextEscalationMs(rule, progress));
  const next = { ruleId: rule.id, count: number, dueAtMs: earliest(repeatAtMs, laterMs), repeatAtMs };
  // A rule that can say nothing more needs no row, and most rules are like that.
  const isKept = known !== undefined || next.dueAtMs !== null || rule.escalations.length > 0;
  const schedule = isKept ? next : null;
  if (fresh.length === 0) {
    return quiet("already-notified", `${sayNames(able.members)} already knew of ${state} in this problem`, schedule);
  }
  const recipients = fresh.map(({ contact, via }) => ({ contact, rule, ruleName: rule.name, via, number }));
  return { kind: "tell", recipients, schedule };
}

/** How many times a rule that nothing is stored of has told of a problem: as often as whoever heard most. */
function messagesOf({ name }: KnownRule, told: readonly ToldContact[]): number {
  const counts = new Map<number, number>();
  for (const { contactId, ruleName, isByFlapping } of told) {
    if (ruleName === name && isByFlapping !== true) counts.set(contactId, (counts.get(contactId) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}

/** Judges one rule about flapping: told once, at once, to whoever can be told. Pure. */
export function judgeRuleOfFlapping(rule: KnownRule, question: RuleQuestion): RuleVerdict {
  const { nowMs, periods } = question;
  const gate = gateOf(rule, question);
  if (gate !== null) return quiet(gate.reason, gate.message, null);
  if (!periods.isInside(rule.period, nowMs)) {
    return quiet("outside-period", sayPeriod(`rule "${rule.name}"`, rule.period), null);
  }
  const progress = { count: 0, problemStartedAtMs: nowMs, state: question.state, nowMs };
  const able = ableNow(rule, levelOf(rule, progress, periods).members, question);
  if (able.reason !== null) return quiet(able.reason, able.message, null);
  const recipients = able.members.map(({ contact, via }) => ({ contact, rule, ruleName: rule.name, via, number: 1 }));
  return { kind: "tell", recipients, schedule: null };
}

/** What keeps a rule from speaking of the object in this state at any time. */
function gateOf(rule: KnownRule, { state, businessImpact, objectName }: RuleQuestion) {
  if (!rule.states.has(state)) return { reason: "state-not-in-any-rule" as const, message: "" };
  if (businessImpact >= rule.minimumBusinessImpact) return null;
  const message = `rule "${rule.name}" tells of business impact ${rule.minimumBusinessImpact} and above; ${objectName} has ${businessImpact}`;
  return { reason: "below-business-impact" as const, message };
}

/** Who of an audience can be told now, or the reason why nobody can; `laterMs` is when somebody's own time period begins. */
function ableNow(rule: KnownRule, members: readonly AudienceMember[], question: RuleQuestion) {
  const { nowMs, periods, businessImpact, objectName, told, state } = question;
  const none = { members: [], laterMs: null };
  const reachable = members.filter(({ contact }) => isReachable(contact));
  if (reachable.length === 0) {
    const message = `rule "${rule.name}" has no enabled contact for ${objectName}`;
    return { ...none, reason: "no-enabled-contact" as const, message };
  }
  const concerned = reachable.filter(({ contact }) => businessImpact >= contact.minimumBusinessImpact);
  if (concerned.length === 0) {
    const message = `${sayNames(reachable)} ${reachable.length === 1 ? "wants" : "want"} to be told of a higher business impact than ${objectName} has, which is ${businessImpact}`;
    return { ...none, reason: "contact-below-business-impact" as const, message };
  }
  const willing = concerned.filter(({ contact }) => wants(contact, state));
  if (willing.length === 0) {
    const message = `${sayNames(concerned)} ${concerned.length === 1 ? "does" : "do"} not want to be told of ${state}`;
    return { ...none, reason: "contact-state" as const, message };
  }
  const inTime = willing.filter(({ contact }) => periods.isInside(contact.period, nowMs));
  const knows = new Map(told.map((entry) => [entry.contactId, entry.state]));
  const later = willing.filter((member) => !inTime.includes(member) && knows.get(member.contact.id) !== state);
  const laterMs = earliest(...later.map(({ contact }) => periods.nextStart(contact.period, nowMs)));
  if (inTime.length > 0) return { members: inTime, laterMs, reason: null, message: "" };
  const message = `${sayNames(willing)}: ${[...new Set(willing.map(({ contact }) => contact.period))].map((period) => `told in time period ${period} only`).join(", ")}`;
  return { members: [], laterMs, reason: "contact-period" as const, message };
}

function nextLook(rule: KnownRule, progress: RuleProgress): number | null {
  const hasTurns = [rule, ...rule.escalations].some(({ onCall }) => onCall.length > 0);
  return earliest(nextEscalationMs(rule, progress), hasTurns ? progress.nowMs + turnLookMs : null);
}

function quiet(reason: SuppressionReason, message: string, schedule: RuleSchedule | null): RuleVerdict {
  return { kind: "quiet", reason, message, schedule };
}

function sayPeriod(who: string, period: string | null): string {
  return `${who} tells in time period ${period} only`;
}

/** Names in words: `anna, bob and 3 more`. */
function sayNames(members: readonly { readonly contact: { readonly name: string } }[]): string {
  const names = members.slice(0, 5).map(({ contact }) => contact.name);
  return names.join(", ") + (members.length > 5 ? ` and ${members.length - 5} more` : "");
}
