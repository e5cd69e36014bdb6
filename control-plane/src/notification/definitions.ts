import { matchesService, type SelectableHost, type ServiceSelector } from "@mycloud/protocol/selector";

/** A contact as decisions need it. */
export interface KnownContact {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  /** Bound to a customer, a contact is told of that customer's hosts only. */
  readonly customer: string | null;
  readonly isEnabled: boolean;
}

/** An enabled rule with its contacts, in the order of their ids. */
export interface KnownRule {
  readonly id: number;
  readonly name: string;
  readonly selector: ServiceSelector;
  readonly states: ReadonlySet<string>;
  readonly contacts: readonly KnownContact[];
}

/** A downtime that is neither cancelled nor over. */
export interface KnownDowntime {
  readonly id: number;
  readonly selector: ServiceSelector;
  readonly startAtMs: number;
  readonly endAtMs: number;
  readonly comment: string;
  readonly authorName: string;
  readonly customer: string | null;
}

/** The definitions that decisions rest on, as they were at one moment. */
export interface NotificationDefinitions {
  readonly rules: readonly KnownRule[];
  readonly contacts: ReadonlyMap<number, KnownContact>;
  readonly downtimes: readonly KnownDowntime[];
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
  const covering = rules.filter((rule) => matchesService(rule.selector, host, serviceName ?? undefined));
  return covering.map((rule) =>
    rule.contacts.every((contact) => isTheirs(contact.customer, host))
      ? rule
      : { ...rule, contacts: rule.contacts.filter((contact) => isTheirs(contact.customer, host)) },
  );
}

/** Whether a downtime covers a service or host at an instant. Its end no longer belongs to it. Pure. */
export function isCoveredBy(
  downtime: KnownDowntime,
  host: CoverableHost,
  serviceName: string | null,
  atMs: number,
): boolean {
  return (
    downtime.startAtMs <= atMs &&
    atMs < downtime.endAtMs &&
    isTheirs(downtime.customer, host) &&
    matchesService(downtime.selector, host, serviceName ?? undefined)
  );
}

/** The downtime that covers a service or host at an instant; of several, the one that ends last. Pure. */
export function downtimeFor(
  downtimes: readonly KnownDowntime[],
  host: CoverableHost,
  serviceName: string | null,
  atMs: number,
): KnownDowntime | null {
  let found: KnownDowntime | null = null;
  for (const downtime of downtimes) {
    if (found !== null && found.endAtMs >= downtime.endAtMs) continue;
    if (isCoveredBy(downtime, host, serviceName, atMs)) found = downtime;
  }
  return found;
}

function isTheirs(customer: string | null, host: CoverableHost): boolean {
  return customer === null || customer === host.customer;
}
