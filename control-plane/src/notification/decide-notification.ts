import type { SuppressionReason } from "@mycloud/protocol/notification";
import type { NoQuestionReason, StateChangeRecord } from "../state-change/index.ts";
import type { KnownContact, KnownDowntime, KnownRule } from "./definitions.ts";
import type { SingleType } from "./mail/message-content.ts";
import { type Recipient, recipientsOf, recipientsOfRecovery, sayRecipients, type ToldContact } from "./recipients.ts";

/** Everything a decision rests on. */
export interface NotificationQuestion {
  readonly change: Pick<StateChangeRecord, "kind" | "toState" | "isHard" | "isRecovery" | "isFlapping">;
  /** `web1/disk` or `web1`, for sentences. */
  readonly objectName: string;
  readonly hostName: string;
  readonly isHostDown: boolean;
  readonly downtime: KnownDowntime | null;
  readonly acknowledgement: { readonly authorName: string } | null;
  /** The enabled rules that cover the object. */
  readonly rules: readonly KnownRule[];
  readonly contacts: ReadonlyMap<number, KnownContact>;
  /** Who was told of this problem so far, oldest first. */
  readonly told: readonly ToldContact[];
}

export type NotificationVerdict =
  | { readonly kind: "no-question" }
  | {
      readonly kind: "notify";
      readonly type: SingleType;
      readonly recipients: readonly Recipient[];
      readonly message: string;
    }
  | {
      readonly kind: "suppress";
      readonly reason: SuppressionReason | NoQuestionReason;
      readonly message: string;
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
    return decideRecovery(question);
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
  const quiet = inDowntime(question) ?? hostDown(question);
  if (quiet !== null) return quiet;
  if (change.isFlapping) {
    return suppress("flapping", `${question.objectName} is flapping; whoever was told of that is told when it settles`);
  }
  if (acknowledgement !== null) {
    return suppress("acknowledged", `${acknowledgement.authorName} acknowledged the problem`);
  }
  return tell(question, "PROBLEM", (rule) => rule.states.has(change.toState));
}

/**
 * Flapping is told to everybody whose rule covers the object, whatever its states: it replaces the problem and recovery messages that are
 * held back meanwhile.
 */
function decideFlapping(question: NotificationQuestion, type: SingleType): NotificationVerdict {
  return inDowntime(question) ?? hostDown(question) ?? tell(question, type, () => true);
}

function tell(
  question: NotificationQuestion,
  type: SingleType,
  tellsOf: (rule: KnownRule) => boolean,
): NotificationVerdict {
  const { rules, objectName, change, told } = question;
  if (rules.length === 0) return suppress("no-rule-matches", `no enabled notification rule covers ${objectName}`);
  const speaking = rules.filter(tellsOf);
  if (speaking.length === 0) {
    return suppress(
      "state-not-in-any-rule",
      `${sayRules(rules)} ${rules.length === 1 ? "does" : "do"} not tell of ${change.toState}`,
    );
  }
  const recipients = recipientsOf(speaking);
  if (recipients.length === 0) {
    return suppress(
      "no-enabled-contact",
      `${sayRules(speaking)} ${speaking.length === 1 ? "has" : "have"} no enabled contact for ${objectName}`,
    );
  }
  // The last thing each was told: CRITICAL, then WARNING told to nobody, then CRITICAL again is no news.
  const lastTold = new Map(told.map((entry) => [entry.contactId, entry.state]));
  const fresh =
    type === "PROBLEM" ? recipients.filter(({ contact }) => lastTold.get(contact.id) !== change.toState) : recipients;
  if (fresh.length === 0) {
    return suppress(
      "already-notified",
      `${sayRecipients(recipients)} already knew of ${change.toState} in this problem`,
    );
  }
  return { kind: "notify", type, recipients: fresh, message: `told ${sayRecipients(fresh)}` };
}

/** A recovery goes to exactly those who were told of the problem, in downtime or not: nobody is left with a problem that is over. */
function decideRecovery({ told, contacts, rules, objectName }: NotificationQuestion): NotificationVerdict {
  if (told.length === 0) {
    return suppress("problem-not-notified", "nobody was told of the problem, so nobody is told of its end");
  }
  const { recipients, refusedByRule } = recipientsOfRecovery(told, contacts, rules);
  if (recipients.length > 0) {
    return { kind: "notify", type: "RECOVERY", recipients, message: `told ${sayRecipients(recipients)}` };
  }
  return refusedByRule
    ? suppress(
        "state-not-in-any-rule",
        `the rules that told of the problem on ${objectName} do not tell of its RECOVERY`,
      )
    : suppress("no-enabled-contact", "the contacts who were told of the problem are disabled or deleted");
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

function suppress(reason: SuppressionReason | NoQuestionReason, message: string): NotificationVerdict {
  return { kind: "suppress", reason, message };
}

function sayRules(rules: readonly KnownRule[]): string {
  const names = rules.slice(0, 3).map((rule) => `"${rule.name}"`);
  const more = rules.length > 3 ? ` and ${rules.length - 3} more` : "";
  return `${rules.length === 1 ? "rule" : "rules"} ${names.join(", ")}${more}`;
}
