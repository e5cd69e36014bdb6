import { matchesService, type SelectableHost, type ServiceSelector } from "@mycloud/protocol/selector";
import { type LiveDowntime, objectKeyOf, type Span, spanFor } from "../downtime/downtime-effect.ts";

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

/** A downtime as a decision says it: its end is when it ends for the object in question. */
export type KnownDowntime = Pick<
  LiveDowntime,
  "id" | "selector" | "startAtMs" | "endAtMs" | "comment" | "authorName" | "customer"
>;

/** The definitions that decisions rest on, as they were at one moment. */
export interface NotificationDefinitions {
  readonly rules: readonly KnownRule[];
  readonly contacts: ReadonlyMap<number, KnownContact>;
  readonly downtimes: readonly LiveDowntime[];
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

/**
 * The downtime that keeps a service or host quiet at an instant; of several, the one that ends last. The object in question is bad: a flexible
 * downtime that has not begun for it begins now. A service is quiet while its host is in downtime as well, as in Nagios. Pure.
 */
export function downtimeFor(
  downtimes: readonly LiveDowntime[],
  host: CoverableHost,
  serviceName: string | null,
  atMs: number,
  isHostDown = false,
): KnownDowntime | null {
  let found: KnownDowntime | null = null;
  for (const downtime of downtimes) {
    const span =
      spanCovering(downtime, host, serviceName, true, atMs) ??
      (serviceName === null ? null : spanCovering(downtime, host, null, isHostDown, atMs));
    if (span === null || (found !== null && found.endAtMs >= span.untilMs)) continue;
    found = { ...downtime, endAtMs: span.untilMs };
  }
  return found;
}

function spanCovering(
  downtime: LiveDowntime,
  host: CoverableHost,
  serviceName: string | null,
  isBad: boolean,
  atMs: number,
): Span | null {
  if (!isTheirs(downtime.customer, host)) return null;
  const span = spanFor(downtime, objectKeyOf(host.name, serviceName), isBad, atMs);
  return span !== null && matchesService(downtime.selector, host, serviceName ?? undefined) ? span : null;
}

function isTheirs(customer: string | null, host: CoverableHost): boolean {
  return customer === null || customer === host.customer;
}
