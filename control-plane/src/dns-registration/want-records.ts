import { PrefixSet } from "@mycloud/dns/access";
import type {
  DnsRegistrationInput,
  RegistrationProblem,
  RegistrationRole,
  RrsetInput,
} from "@mycloud/protocol/dns-zone";
import { matchesHost } from "@mycloud/protocol/selector";
import { type Address, readAddress } from "./address.ts";
import { hostOwnerName } from "./host-owner-name.ts";
import {
  findNamedZone,
  type PresentReverseZone,
  placeOfPtr,
  type RegistrationZone,
  reverseZonesOf,
} from "./registration-zone.ts";
import { WantedRrsets } from "./wanted-rrsets.ts";

/** A host that tells its addresses. */
export interface RegisteringHost {
  readonly id: number;
  readonly name: string;
  readonly customer: string | null;
  readonly groups: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly addresses: readonly { readonly address: string; readonly goneAtMs: number | null }[];
  /** Names of its services that registrations name. */
  readonly services: ReadonlySet<string>;
}

export interface RegistrationFacts {
  readonly registrations: readonly DnsRegistrationInput[];
  readonly hosts: readonly RegisteringHost[];
  readonly zones: readonly RegistrationZone[];
  readonly nowMs: number;
}

/** What registrations come to, before it is held against what is there. */
export interface WantedRecords {
  /** By zone. */
  readonly rrsets: ReadonlyMap<number, readonly RrsetInput[]>;
  readonly problems: readonly RegistrationProblem[];
  readonly counts: ReadonlyMap<string, { readonly hostCount: number; readonly addressCount: number }>;
  /** When the next address that is gone leaves; null: none is. */
  readonly nextAtMs: number | null;
}

/** What is gathered while registrations are gone through. */
interface Gathering {
  readonly wanted: WantedRrsets;
  readonly reverse: readonly PresentReverseZone[];
  readonly nowMs: number;
  nextAtMs: number;
  readonly problems: RegistrationProblem[];
}

/** A registration in its zone. */
interface InZone {
  readonly registration: DnsRegistrationInput;
  readonly zone: RegistrationZone;
  readonly mayHave: (address: Address) => boolean;
  readonly tell: (host: string | null, message: string) => void;
}

/** Works out the records of all registrations. Of two hosts that want one name, or one address's PTR record, the older one has it. Pure. */
export function wantRecords({ registrations, hosts, zones, nowMs }: RegistrationFacts): WantedRecords {
  const gathering: Gathering = {
    ...{ wanted: new WantedRrsets(), reverse: reverseZonesOf(zones), nowMs, problems: [] },
    nextAtMs: Number.POSITIVE_INFINITY,
  };
  const byAge = hosts.toSorted((a, b) => a.id - b.id);
  const counts = new Map<string, { hostCount: number; addressCount: number }>();
  for (const registration of registrations.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const count = { hostCount: 0, addressCount: 0 };
    counts.set(registration.name, count);
    const inZone = findItsZone(registration, zones, gathering);
    if (inZone === null) continue;
    for (const host of byAge) {
      const addressCount = matchesHost(registration.selector, host) ? wantHost(gathering, inZone, host) : 0;
      if (addressCount === 0) continue;
      count.hostCount++;
      count.addressCount += addressCount;
    }
  }
  const { wanted, problems, nextAtMs } = gathering;
  return { rrsets: wanted.byZone(), problems, counts, nextAtMs: Number.isFinite(nextAtMs) ? nextAtMs : null };
}

function findItsZone(
  registration: DnsRegistrationInput,
  zones: readonly RegistrationZone[],
  { problems }: Gathering,
): InZone | null {
  const tell = (host: string | null, message: string) =>
    void problems.push({ registration: registration.name, host, message });
  const zone = findNamedZone(zones, registration.zone);
  if (zone === undefined || zone.kind === "secondary") {
    const fault = zone === undefined ? "is not here" : "is a secondary one, whose records are its primaries'";
    tell(null, `the zone ${registration.zone} ${fault}`);
    return null;
  }
  const [chosen, except] = [new PrefixSet(registration.prefixes), new PrefixSet(registration.exceptPrefixes)];
  const mayHave = ({ octets }: Address) => chosen.has(octets) && !except.has(octets);
  return { registration, zone, mayHave, tell };
}

/** Wants what a host is to have by a registration; answers how many addresses that are. */
function wantHost(gathering: Gathering, inZone: InZone, host: RegisteringHost): number {
  const { registration, zone, tell } = inZone;
  const addresses = addressesOf(gathering, inZone, host);
  if (addresses.length === 0) return 0;
  const owner = hostOwnerName(registration.nameTemplate, host.name, zone.name);
  const refusal = refusalOf(gathering, inZone, host, owner);
  if (refusal !== null || owner === null) {
    tell(host.name, refusal ?? "");
    return 0;
  }
  const target = owner === "@" ? zone.name : `${owner}.${zone.name}`;
  const { ttlSeconds, healthService } = registration;
  const from = { ttlSeconds, owner: `registration ${registration.name}` };
  const bound =
    healthService !== null && host.services.has(healthService)
      ? { service: { host: host.name, service: healthService } }
      : {};
  for (const { octets, text } of addresses) {
    const place = { ...from, name: owner, type: octets.length === 4 ? "A" : "AAAA" };
    gathering.wanted.add(zone.id, place, { data: text, ...bound });
  }
  for (const role of registration.roles) {
    if (!matchesHost(role.selector, host)) continue;
    const { priority, weight, port } = role;
    const place = { ...from, name: ownerOfRole(role), type: "SRV" };
    gathering.wanted.add(zone.id, place, { data: `${priority} ${weight} ${port} ${target}`, ...bound });
  }
  if (registration.makesPtr) wantPtr(gathering, inZone, host, addresses, { ...from, target });
  return addresses.length;
}

/** The host's addresses that a registration lets in: those it has, and those it had a moment ago. */
function addressesOf(gathering: Gathering, { registration, mayHave }: InZone, host: RegisteringHost): Address[] {
  const keepMs = registration.removeAfterSeconds * 1000;
  return host.addresses.flatMap(({ address: text, goneAtMs }) => {
    const address = readAddress(text);
    if (address === undefined || !mayHave(address)) return [];
    if (goneAtMs === null) return [address];
    const leavesAtMs = goneAtMs + keepMs;
    if (leavesAtMs <= gathering.nowMs) return [];
    gathering.nextAtMs = Math.min(gathering.nextAtMs, leavesAtMs);
    return [address];
  });
}

function refusalOf(
  { wanted }: Gathering,
  { registration, zone }: InZone,
  host: RegisteringHost,
  owner: string | null,
): string | null {
  if (!mayRegister(host, zone, registration))
    return `a host of the customer ${host.customer} may not be in the zone ${zone.name}`;
  if (owner === null) return "its name makes no name in a zone";
  const holder = wanted.claim(zone.id, owner, { id: host.id, name: host.name });
  return holder.id === host.id ? null : `${owner} in ${zone.name} is the name of the host ${holder.name} already`;
}

/** A customer's host is in its customer's zones, and where staff let it. */
function mayRegister(
  { customer }: RegisteringHost,
  zone: RegistrationZone,
  { customers }: DnsRegistrationInput,
): boolean {
  return customer === null || customer === zone.customer || customers.includes(customer);
}

function ownerOfRole({ service, protocol, name }: RegistrationRole): string {
  const labels = `${service}.${protocol}`.toLowerCase();
  return name === "@" ? labels : `${labels}.${name}`;
}

function wantPtr(
  { wanted, reverse }: Gathering,
  { registration, zone, tell }: InZone,
  host: RegisteringHost,
  addresses: readonly Address[],
  { target, ...from }: { readonly ttlSeconds: number; readonly owner: string; readonly target: string },
): void {
  for (const { octets, text } of addresses) {
    const place = placeOfPtr(reverse, octets, zone.view);
    if (place === undefined) continue;
    // Reverse zones of nobody are for all whom a registration lets register.
    if (place.zone.customer !== null && !mayRegister(host, place.zone, registration)) {
      tell(host.name, `its customer may not have PTR records in ${place.zone.name}`);
      continue;
    }
    const holder = wanted.claim(place.zone.id, `PTR ${place.owner}`, { id: host.id, name: host.name, target });
    if (holder.target === target) {
      wanted.add(place.zone.id, { ...from, name: place.owner, type: "PTR" }, { data: target });
    } else {
      tell(host.name, `the PTR record of ${text} is ${holder.target}, of the host ${holder.name}`);
    }
  }
}
