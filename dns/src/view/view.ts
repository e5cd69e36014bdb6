import type { ViewConfiguration } from "@mycloud/protocol/name-server";
import { AccessList } from "../access/index.ts";
import type { DomainName } from "../name/index.ts";
import type { PolicySource, VersionedZoneSet, ZonePolicy } from "../responder/index.ts";
import type { Zone } from "../zone/index.ts";
import type { ServedZone } from "./served-zone.ts";

/** All zones of the server, and when they were replaced last. */
export interface ServedZones {
  readonly version: number;
  /** By view (null: those without one) and apex in lower case. */
  find(view: string | null, apex: DomainName): ServedZone | undefined;
  /** By the records that are answered from. */
  ofRecords(zone: Zone): ServedZone | undefined;
}

/** What some of the clients see: the zones of their view, and those without a view that it has no zone of the same name for. */
export class View implements VersionedZoneSet, PolicySource {
  /** Null: what is seen by clients that no view is for. */
  readonly name: string | null;
  readonly #clients: AccessList;
  readonly #zones: ServedZones;

  /** Throws NameError and PrefixError. */
  constructor(configuration: ViewConfiguration | null, zones: ServedZones) {
    this.name = configuration?.name ?? null;
    this.#clients = new AccessList(configuration?.clients ?? [{ prefixes: ["0.0.0.0/0", "::/0"], key: null }]);
    this.#zones = zones;
  }

  /** Whether a client of such an address and key sees it. */
  isFor(address: Uint8Array, key: DomainName | undefined): boolean {
    return this.#clients.allows(address, key);
  }

  get version(): number {
    return this.#zones.version;
  }

  /** A zone of the configuration, whether its records are there or not. */
  find(apex: DomainName): ServedZone | undefined {
    const own = this.name === null ? undefined : this.#zones.find(this.name, apex);
    return own ?? this.#zones.find(null, apex);
  }

  get(apex: DomainName): Zone | undefined {
    return this.find(apex)?.records;
  }

  isMissing(apex: DomainName): boolean {
    const served = this.find(apex);
    return served !== undefined && served.records === undefined;
  }

  sharesAudience(asked: Zone, other: Zone): boolean {
    const [first, second] = [this.#zones.ofRecords(asked), this.#zones.ofRecords(other)];
    return second === undefined || second.isOpen || first?.audience === second.audience;
  }

  policyOf(zone: Zone): ZonePolicy | undefined {
    return this.#zones.ofRecords(zone);
  }
}
