import type { ContactChannel } from "@mycloud/protocol/contact";
import type { OnCallScheduleInput } from "@mycloud/protocol/on-call";
import { matchesService, type SelectableHost, type ServiceSelector } from "@mycloud/protocol/selector";

/** A contact as decisions need it. */
export interface KnownContact {
  readonly id: number;
  readonly name: string;
  /** Empty without a mailbox. */
  readonly email: string;
  /** Bound to a customer, a contact is told of that customer's hosts only. */
  readonly customer: string | null;
  readonly isEnabled: boolean;
  readonly period: string | null;
  /** What the contact wants to hear of what rules tell; everything when null. */
  readonly states: ReadonlySet<string> | null;
  readonly minimumBusinessImpact: number;
  /** Their secrets are sealed. */
  readonly channels: readonly ContactChannel[];
  readonly stormLimitPerMinute: number;
  /** What an operator changed by command for hosts, and for services; absent as a rule. */
  readonly changed?: { readonly host: ChangedContact; readonly service: ChangedContact };
}

/** What counts instead of the contact's own. */
export type ChangedContact = Partial<Pick<KnownContact, "isEnabled" | "period">>;

/** Whoever is named: contacts, with the members of groups among them, each once in the order of their ids, and whoever's turn it is. */
export interface Audience {
  readonly contacts: readonly KnownContact[];
  readonly onCall: readonly KnownOnCall[];
}

/** An on-call schedule with the contacts that it names. */
export interface KnownOnCall {
  readonly schedule: OnCallScheduleInput;
  readonly contactsByName: ReadonlyMap<string, KnownContact>;
}

/** Who is told instead of the rule's own audience when a problem lasts; see Escalation of the protocol. */
export interface KnownEscalation extends Audience {
  /** From 1, as written in the rule. */
  readonly position: number;
  readonly afterCount: number | null;
  readonly untilCount: number | null;
  readonly afterSeconds: number | null;
  readonly untilSeconds: number | null;
  readonly states: ReadonlySet<string> | null;
  readonly period: string | null;
  readonly repeatIntervalSeconds: number | null;
}

/** An enabled rule. */
export interface KnownRule extends Audience {
  readonly id: number;
  readonly name: string;
  readonly selector: ServiceSelector;
  readonly states: ReadonlySet<string>;
  readonly period: string | null;
  readonly minimumBusinessImpact: number;
  readonly firstDelaySeconds: number;
  readonly repeatIntervalSeconds: number | null;
  readonly escalations: readonly KnownEscalation[];
  readonly groupBy: readonly string[];
  readonly groupWaitSeconds: number;
  readonly digest: { readonly cron: string; readonly timeZone: string } | null;
}

/** A host as rules and downtimes see it. */
export interface CoverableHost extends SelectableHost {
  readonly customer: string | null;
}

/**
 * The rules that cover a service (or the host itself when `serviceName` is null), without the contacts of other customers: a rule for
 * every host must not tell one tenant of another's. Pure.
 */
export function rulesFor(rules: readonly KnownRule[], host: CoverableHost, serviceName: string | null): KnownRule[] {
  return rules
    .filter((rule) => matchesService(rule.selector, host, serviceName ?? undefined))
    .map((rule) => (isForAnyHost(rule) ? rule : ruleFor(rule, host, serviceName)));
}

/** A contact as it counts for a host (`serviceName` null) or a service. Pure. */
export function contactFor(contact: KnownContact, serviceName: string | null): KnownContact {
  const { changed } = contact;
  if (changed === undefined) return contact;
  const { isEnabled = true, ...own } = serviceName === null ? changed.host : changed.service;
  return { ...contact, ...own, isEnabled: contact.isEnabled && isEnabled };
}

/** Whether something bound to a customer, or to none, is about a host. Pure. */
export function isTheirs(customer: string | null, host: CoverableHost): boolean {
  return customer === null || customer === host.customer;
}

/** Whether everybody a rule names is told alike of every host and service, so that the rule is the same for all. */
function isForAnyHost(rule: KnownRule): boolean {
  const isForAll = ({ customer, changed }: KnownContact) => customer === null && changed === undefined;
  return [rule, ...rule.escalations].every(
    ({ contacts, onCall }) =>
      contacts.every(isForAll) && onCall.every(({ contactsByName }) => [...contactsByName.values()].every(isForAll)),
  );
}

function ruleFor(rule: KnownRule, host: CoverableHost, serviceName: string | null): KnownRule {
  const ownPart = ({ contacts, onCall }: Audience): Audience => {
    const own = (contact: KnownContact) => (isTheirs(contact.customer, host) ? [contactFor(contact, serviceName)] : []);
    return {
      contacts: contacts.flatMap(own),
      onCall: onCall.map(({ schedule, contactsByName }) => ({
        schedule,
        contactsByName: new Map(
          [...contactsByName].flatMap(([name, contact]) => own(contact).map((one) => [name, one])),
        ),
      })),
    };
  };
  const escalations = rule.escalations.map((escalation) => ({ ...escalation, ...ownPart(escalation) }));
  return { ...rule, ...ownPart(rule), escalations };
}
