import type { KnownContact, KnownRule } from "./definitions.ts";

/** Somebody who is told, and the rule that wants it. */
export interface Recipient {
  readonly contact: KnownContact;
  /** Null where no rule decided: a test message. */
  readonly ruleName: string | null;
}

/** Somebody who was told that a problem is in a state. */
export interface ToldContact {
  readonly contactId: number;
  readonly state: string;
  readonly ruleName: string | null;
}

/** The enabled contacts of rules, each once: the first rule that names a contact is given as the reason. Pure. */
export function recipientsOf(rules: readonly KnownRule[]): Recipient[] {
  const recipients = new Map<number, Recipient>();
  for (const rule of rules) {
    for (const contact of rule.contacts) {
      if (contact.isEnabled && !recipients.has(contact.id))
        recipients.set(contact.id, { contact, ruleName: rule.name });
    }
  }
  return [...recipients.values()];
}

/**
 * Those who were told of a problem and still can be told of its end, each once. A rule without RECOVERY keeps its contacts from being
 * told, unless another rule told them too; a rule that is gone keeps nobody. Pure.
 */
export function recipientsOfRecovery(
  told: readonly ToldContact[],
  contacts: ReadonlyMap<number, KnownContact>,
  rules: readonly KnownRule[],
): { readonly recipients: Recipient[]; readonly refusedByRule: boolean } {
  const statesByRule = new Map(rules.map((rule) => [rule.name, rule.states]));
  const recipients = new Map<number, Recipient>();
  let refusedByRule = false;
  for (const { contactId, ruleName } of told) {
    const contact = contacts.get(contactId);
    if (contact === undefined || !contact.isEnabled || recipients.has(contactId)) continue;
    const states = ruleName === null ? undefined : statesByRule.get(ruleName);
    if (states !== undefined && !states.has("RECOVERY")) refusedByRule = true;
    else recipients.set(contactId, { contact, ruleName });
  }
  return { recipients: [...recipients.values()], refusedByRule };
}

/** Recipients in words: `anna, bob and 3 more`. Pure. */
export function sayRecipients(recipients: readonly Recipient[]): string {
  const names = recipients.slice(0, 5).map(({ contact }) => contact.name);
  return names.join(", ") + (recipients.length > 5 ? ` and ${recipients.length - 5} more` : "");
}
