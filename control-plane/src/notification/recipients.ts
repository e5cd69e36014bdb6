import { isReachable, wants } from "./audience-at.ts";
import { contactFor, type KnownContact, type KnownRule } from "./known-rule.ts";

/** Somebody who is told, and the rule that wants it. */
export interface Recipient {
  readonly contact: KnownContact;
  /** Null where no rule decided: a test message, or a rule that is gone. */
  readonly rule: KnownRule | null;
  /** The rule's name, also when it is gone. */
  readonly ruleName: string | null;
  /** Why this contact, where it is not the rule's own: `escalation 2, on call nights`. */
  readonly via: string | null;
  /** Which message of the rule about the problem it is, from 1. */
  readonly number: number;
}

/** Somebody who was told that a problem is in a state. */
export interface ToldContact {
  readonly contactId: number;
  readonly state: string;
  readonly ruleName: string | null;
  /** Told by the news that flapping is over, which is no message about the problem as escalations count them. */
  readonly isByFlapping?: boolean;
}

/**
 * Those who were told of a problem of a service (of the host when `serviceName` is null) and still can be told of its end, each once. A rule without
 * RECOVERY keeps its contacts from being told, unless another rule told them too, a contact who does not want it is not told; a rule that is gone keeps
 * nobody. Pure.
 */
export function recipientsOfRecovery(
  told: readonly ToldContact[],
  contacts: ReadonlyMap<number, KnownContact>,
  rules: readonly KnownRule[],
  serviceName: string | null,
): { readonly recipients: Recipient[]; readonly isRefused: boolean } {
  const rulesByName = new Map(rules.map((rule) => [rule.name, rule]));
  const recipients = new Map<number, Recipient>();
  let isRefused = false;
  for (const { contactId, ruleName } of told) {
    const known = contacts.get(contactId);
    const contact = known === undefined ? undefined : contactFor(known, serviceName);
    if (contact === undefined || !isReachable(contact) || recipients.has(contactId)) continue;
    const rule = ruleName === null ? undefined : rulesByName.get(ruleName);
    if (!wants(contact, "RECOVERY") || (rule !== undefined && !rule.states.has("RECOVERY"))) {
      isRefused = true;
      continue;
    }
    // Nagios counts on: the end is one more message about the problem.
    const number = messagesOf(contactId, told) + 1;
    recipients.set(contactId, { contact, rule: rule ?? null, ruleName, via: null, number });
  }
  return { recipients: [...recipients.values()], isRefused };
}

function messagesOf(contactId: number, told: readonly ToldContact[]): number {
  return told.filter((entry) => entry.contactId === contactId).length;
}

/** Recipients in words: `anna, bob and 3 more`. Pure. */
export function sayRecipients(recipients: readonly Recipient[]): string {
  const names = recipients.slice(0, 5).map(({ contact }) => contact.name);
  return names.join(", ") + (recipients.length > 5 ? ` and ${recipients.length - 5} more` : "");
}
