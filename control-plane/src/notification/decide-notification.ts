import type { TimePeriods } from "@mycloud/checks/time-period";
import { SuppressionReason } from "@mycloud/protocol/notification";
import type { NotificationBlock } from "../dependency/notification-blocks.ts";
import type { NoQuestionReason, StateChangeRecord } from "../state-change/index.ts";
import type { KnownDowntime } from "./definitions.ts";
import { judgeRule, judgeRuleOfFlapping, type RuleQuestion, type RuleVerdict } from "./judge-rule.ts";
import type { KnownContact, KnownRule } from "./known-rule.ts";
import type { SingleType } from "./mail/message-content.ts";
import { type Recipient, recipientsOfRecovery, sayRecipients, type ToldContact } from "./recipients.ts";
import type { RuleSchedule } from "./rule-schedule.ts";

/** Everything a decision rests on. */
export interface NotificationQuestion {
  readonly change: Pick<StateChangeRecord, "kind" | "toState" | "isHard" | "isRecovery" | "isFlapping">;
  /** `web1/disk` or `web1`, for sentences. */
  readonly objectName: string;
  /** Null when it is about the host itself. */
  readonly serviceName: string | null;
  readonly hostName: string;
  readonly isHostDown: boolean;
  /** Why what is wrong is something else: a master it depends on, a host it is reached through. */
  readonly blockedBy?: NotificationBlock | null;
  readonly downtime: KnownDowntime | null;
  readonly acknowledgement: { readonly authorName: string } | null;
  /** The enabled rules that cover the object. */
  readonly rules: readonly KnownRule[];
  readonly contacts: ReadonlyMap<number, KnownContact>;
  /** Who was told of this problem so far, oldest first. */
  readonly told: readonly ToldContact[];
  readonly isNotificationEnabled: boolean;
  readonly businessImpact: number;
  readonly problemStartedAtMs: number | null;
  /** Where the rules stand with the problem, by their ids. */
  readonly schedules: ReadonlyMap<number, RuleSchedule>;
  /** The rules whose time has come; null when something happened, which asks every rule. */
  readonly dueRules: ReadonlySet<number> | null;
  readonly periods: TimePeriods;
  readonly nowMs: number;
}

export type NotificationVerdict =
  | { readonly kind: "no-question" }
  | {
      readonly kind: "notify";
      readonly type: SingleType;
      readonly recipients: readonly Recipient[];
      readonly message: string;
      /** Where the rules stand after this; those not named stay where they are. */
      readonly schedules: readonly RuleSchedule[];
    }
  | {
      readonly kind: "suppress";
      readonly reason: SuppressionReason | NoQuestionReason;
      readonly message: string;
      readonly schedules: readonly RuleSchedule[];
    };

const noQuestion: NotificationVerdict = { kind: "no-question" };

/**
 * Decides who is told of a state change, or gives the one reason why nobody is: the first that applies, in the order of
 * SuppressionReason. The question does not arise for SOFT states and for good states that end no problem. Pure.
 */
export function decideNotification(question: NotificationQuestion): NotificationVerdict {
  const { change } = question;
  // Whatever kind of change ended the problem: those who know of it are told of its end.
  if (change.isRecovery && (question.told.length > 0 || !change.kind.startsWith("flapping"))) {
    // Switched off is switched off; whatever else holds messages back does not keep a recovery from those who wait for it.
    return (question.told.length > 0 ? disabled(question) : null) ?? decideRecovery(question);
  }
  switch (change.kind) {
    case "flapping-start":
      return decideFlapping(question, "FLAPPINGSTART");
    case "flapping-stop":
      return decideFlapping(question, "FLAPPINGSTOP");
    case "state":
    case "stale-start":
    case "stale-stop":
      return change.isHard && isBad(change.toState) ? decideProblem(question) : noQuestion;
  }
}

/** States that are a problem, as opposed to fine or not known yet. */
export function isBad(state: string): boolean {
  return state !== "OK" && state !== "UP" && state !== "PENDING";
}

function decideProblem(question: NotificationQuestion): NotificationVerdict {
  const { change, acknowledgement } = question;
  const quiet = disabled(question) ?? inDowntime(question) ?? hostDown(question) ?? blocked(question);
  if (quiet !== null) return quiet;
  if (change.isFlapping) {
    return suppress("flapping", `${question.objectName} is flapping; whoever was told of that is told when it settles`);
  }
  if (acknowledgement !== null) {
    return suppress("acknowledged", `${acknowledgement.authorName} acknowledged the problem`);
  }
  return tell(question, "PROBLEM", change.toState, judgeRule);
}

/** Flapping replaces the problem and recovery messages that are held back meanwhile, for those who want to be told of it. */
function decideFlapping(question: NotificationQuestion, type: SingleType): NotificationVerdict {
  const quiet = disabled(question) ?? inDowntime(question) ?? hostDown(question);
  return quiet ?? tell(question, type, "FLAPPING", judgeRuleOfFlapping);
}

/** Asks the rules. When none tells, the reason of the one that came furthest is the reason of all. */
function tell(
  question: NotificationQuestion,
  type: SingleType,
  state: string,
  judge: (rule: KnownRule, question: RuleQuestion) => RuleVerdict,
): NotificationVerdict {
  const { objectName, dueRules } = question;
  const rules = question.rules.filter(({ id }) => dueRules?.has(id) ?? true);
  if (rules.length === 0) return suppress("no-rule-matches", `no enabled notification rule covers ${objectName}`);
  const verdicts = rules.map((rule) => judge(rule, { ...question, state, isDue: dueRules !== null }));
  const schedules = verdicts.flatMap(({ schedule }) => schedule ?? []);
  const recipients = onceEach(verdicts.flatMap((verdict) => (verdict.kind === "tell" ? verdict.recipients : [])));
  if (recipients.length > 0) {
    return { kind: "notify", type, recipients, message: `told ${sayRecipients(recipients)}`, schedules };
  }
  const quiet = verdicts.filter((verdict) => verdict.kind === "quiet");
  const furthest = Math.max(...quiet.map(({ reason }) => SuppressionReason.options.indexOf(reason)));
  const [first, ...others] = quiet.filter(({ reason }) => SuppressionReason.options.indexOf(reason) === furthest);
  if (first === undefined) return noQuestion;
  if (first.reason === "state-not-in-any-rule") {
    const message = `${sayRules(rules)} ${rules.length === 1 ? "does" : "do"} not tell of ${state}`;
    return suppress(first.reason, message, schedules);
  }
  const messages = [...new Set([first, ...others].map(({ message }) => message))].slice(0, 3);
  return suppress(first.reason, messages.join("; "), schedules);
}

/** Each contact once: the first rule that names it is given as the reason. */
function onceEach(recipients: readonly Recipient[]): Recipient[] {
  const byContact = new Map<number, Recipient>();
  for (const recipient of recipients) {
    if (!byContact.has(recipient.contact.id)) byContact.set(recipient.contact.id, recipient);
  }
  return [...byContact.values()];
}

/** A recovery goes to exactly those who were told of the problem, in downtime or not: nobody is left with a problem that is over. */
function decideRecovery({ told, contacts, rules, objectName, serviceName }: NotificationQuestion): NotificationVerdict {
  if (told.length === 0) {
    return suppress("problem-not-notified", "nobody was told of the problem, so nobody is told of its end");
  }
  const { recipients, isRefused } = recipientsOfRecovery(told, contacts, rules, serviceName);
  if (recipients.length > 0) {
    const message = `told ${sayRecipients(recipients)}`;
    return { kind: "notify", type: "RECOVERY", recipients, message, schedules: [] };
  }
  return isRefused
    ? suppress(
        "state-not-in-any-rule",
        `the rules or the contacts who were told of the problem on ${objectName} want nothing of its RECOVERY`,
      )
    : suppress("no-enabled-contact", "the contacts who were told of the problem are disabled or deleted");
}

function disabled({ isNotificationEnabled, objectName }: NotificationQuestion): NotificationVerdict | null {
  return isNotificationEnabled
    ? null
    : suppress("notifications-disabled", `notifications are switched off for ${objectName}`);
}

function inDowntime({ downtime }: NotificationQuestion): NotificationVerdict | null {
  if (downtime === null) return null;
  const until = `${new Date(downtime.endAtMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  return suppress(
    "in-downtime",
    `in downtime ${downtime.id} until ${until} (${downtime.authorName}: ${downtime.comment})`,
  );
}

function hostDown({ isHostDown, hostName }: NotificationQuestion): NotificationVerdict | null {
  return isHostDown ? suppress("host-down", `host ${hostName} is down, which is told by itself`) : null;
}

/** A rule that tells of UNREACHABLE by name wants to hear of it. */
function blocked({ blockedBy, rules }: NotificationQuestion): NotificationVerdict | null {
  if (!blockedBy) return null;
  if (blockedBy.reason === "unreachable" && rules.some((rule) => rule.states.has("UNREACHABLE"))) return null;
  return suppress(blockedBy.reason, blockedBy.message);
}

function suppress(
  reason: SuppressionReason | NoQuestionReason,
  message: string,
  schedules: readonly RuleSchedule[] = [],
): NotificationVerdict {
  return { kind: "suppress", reason, message, schedules };
}

function sayRules(rules: readonly KnownRule[]): string {
  const names = rules.slice(0, 3).map((rule) => `"${rule.name}"`);
  const more = rules.length > 3 ? ` and ${rules.length - 3} more` : "";
  return `${rules.length === 1 ? "rule" : "rules"} ${names.join(", ")}${more}`;
}
