import { channelAddress } from "@mycloud/protocol/contact";
import type { SimulatedMessage, SimulatedSilence, SimulatedState } from "@mycloud/protocol/notification";
import { decideNotification } from "../decide-notification.ts";
import { downtimeFor, type NotificationDefinitions } from "../definitions.ts";
import type { CoverableHost, KnownRule } from "../known-rule.ts";
import { objectName } from "../mail/subject.ts";
import { nextDigestMs } from "../next-digest.ts";
import type { Recipient, ToldContact } from "../recipients.ts";
import { earliest, type RuleSchedule } from "../rule-schedule.ts";

/** What goes bad, and what is known of it. */
export interface SimulatedObject {
  readonly host: CoverableHost;
  readonly serviceName: string | null;
  readonly businessImpact: number;
  readonly isNotificationEnabled: boolean;
  /** The enabled rules that cover it. */
  readonly rules: readonly KnownRule[];
}

export interface Simulation {
  readonly messages: readonly SimulatedMessage[];
  readonly silences: readonly SimulatedSilence[];
}

/** A rule that repeats every few seconds is not followed for a month. */
const mostSteps = 500;

/**
 * Follows a problem that begins, HARD, at an instant and lasts until another, unacknowledged and not flapping, on a host that is up: everybody who is told when,
 * and the reason whenever nobody is. Pure.
 */
export function simulate(
  object: SimulatedObject,
  definitions: NotificationDefinitions,
  state: SimulatedState,
  fromMs: number,
  untilMs: number,
): Simulation {
  const told: ToldContact[] = [];
  const schedules = new Map<number, RuleSchedule>();
  const messages: SimulatedMessage[] = [];
  const silences: SimulatedSilence[] = [];
  const openGroups = new Map<string, number>();
  let nowMs = fromMs;
  let isFirst = true;
  for (let step = 0; step < mostSteps; step++) {
    const { host, serviceName } = object;
    const downtime = downtimeFor(definitions.downtimes, host, serviceName, nowMs, serviceName === null);
    const due = [...schedules.values()].filter(({ dueAtMs }) => dueAtMs !== null && dueAtMs <= nowMs);
    const verdict = decideNotification({
      change: { kind: "state", toState: state, isHard: true, isRecovery: false, isFlapping: false },
      objectName: objectName(host.name, serviceName),
      serviceName,
      hostName: host.name,
      isHostDown: false,
      downtime,
      acknowledgement: null,
      rules: object.rules,
      contacts: definitions.contacts,
      told,
      isNotificationEnabled: object.isNotificationEnabled,
      businessImpact: object.businessImpact,
      problemStartedAtMs: fromMs,
      schedules,
      dueRules: isFirst ? null : new Set(due.map(({ ruleId }) => ruleId)),
      periods: definitions.periods,
      nowMs,
    });
    if (verdict.kind === "no-question") break;
    const isQuiet = verdict.kind === "suppress" && verdict.reason === "in-downtime";
    for (const entry of verdict.schedules) schedules.set(entry.ruleId, entry);
    if (verdict.kind === "notify") {
      for (const recipient of verdict.recipients) {
        messages.push(messageTo(recipient, nowMs, openGroups));
        told.push({ contactId: recipient.contact.id, state, ruleName: recipient.ruleName });
      }
    } else if (silences.at(-1)?.message !== verdict.message) {
      silences.push({ atMs: nowMs, reason: verdict.reason, message: verdict.message });
    }
    // What a downtime holds back is asked again at its end, by every rule if nobody was told yet.
    isFirst = isQuiet && told.length === 0;
    const nextMs = isQuiet
      ? (downtime?.endAtMs ?? null)
      : earliest(
          ...[...schedules.values()].map(({ dueAtMs }) => (dueAtMs !== null && dueAtMs > nowMs ? dueAtMs : null)),
        );
    if (nextMs === null || nextMs > untilMs || nextMs <= nowMs) break;
    nowMs = nextMs;
  }
  return { messages, silences };
}

function messageTo(recipient: Recipient, nowMs: number, openGroups: Map<string, number>): SimulatedMessage {
  const { contact, rule, ruleName, via, number } = recipient;
  const digestMs = rule?.digest == null ? null : nextDigestMs(rule.digest, nowMs);
  const form = digestMs !== null ? "digest" : rule !== null && rule.groupWaitSeconds > 0 ? "group" : "single";
  let sentAtMs = digestMs ?? nowMs;
  if (form === "group") {
    const key = `${contact.id} ${ruleName}`;
    const openUntilMs = openGroups.get(key) ?? 0;
    sentAtMs = openUntilMs > nowMs ? openUntilMs : nowMs + (rule?.groupWaitSeconds ?? 0) * 1000;
    openGroups.set(key, sentAtMs);
  }
  return {
    atMs: nowMs,
    sentAtMs,
    contactName: contact.name,
    ruleName: ruleName ?? "",
    via,
    number,
    form,
    channels: contact.channels
      .filter(({ type }) => type !== "email" || contact.email !== "")
      .map((channel) => ({ type: channel.type, address: channelAddress(channel, contact.email) })),
  };
}
