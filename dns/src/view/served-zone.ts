import type { AccessRule } from "@mycloud/protocol/dns-zone";
import type { WeightedRrset, ZoneConfiguration } from "@mycloud/protocol/name-server";
import { AccessList } from "../access/index.ts";
import { type DomainName, lowerName, parseName } from "../name/index.ts";
import { parseRecordText, parseRecordType, RecordDataError } from "../record/index.ts";
import type { Weighting, ZonePolicy } from "../responder/index.ts";
import { addressOctets } from "../server/index.ts";
import { type Zone, ZoneHistory } from "../zone/index.ts";

/** Records of steps that are kept of a zone for incremental transfers. */
const maximumHistoryRecords = 100_000;

/** A zone of the configuration, with its records where they are there. */
export class ServedZone implements ZonePolicy {
  /** In lower case. */
  readonly apex: DomainName;
  readonly view: string | null;
  queries = 0;
  /** The last records that are known, also when they are not answered any more. */
  zone: Zone | undefined;
  history = new ZoneHistory(maximumHistoryRecords);
  /** Of a secondary zone: nobody has said for too long that its records still hold (RFC 1035 §3.3.13). */
  isExpired = false;
  /** Of a secondary zone: when that will be. */
  expiresAtMs: number | null = null;
  #configuration: ZoneConfiguration;
  #audience = "";
  #allowQuery = new AccessList([]);
  #allowTransfer = new AccessList([]);
  #allowNotify = new AccessList([]);
  #weightings: ReadonlyMap<string, Weighting> = new Map();

  /** Throws NameError and PrefixError. */
  constructor(configuration: ZoneConfiguration, allowQuery: readonly AccessRule[]) {
    this.apex = lowerName(parseName(configuration.name));
    this.view = configuration.view;
    this.#configuration = configuration;
    this.configure(configuration, allowQuery);
  }

  /** Other settings of the same zone; `allowQuery` holds where it has no list of its own. Throws NameError and PrefixError. */
  configure(configuration: ZoneConfiguration, allowQuery: readonly AccessRule[]): void {
    const rules = configuration.allowQuery ?? allowQuery;
    const [query, transfer, notify] = [rules, configuration.allowTransfer, configuration.allowNotify].map(
      (each) => new AccessList(each),
    );
    if (query === undefined || transfer === undefined || notify === undefined) return;
    this.#weightings = weightingsOf(configuration.weighted, this.apex);
    this.#configuration = configuration;
    this.#audience = JSON.stringify(rules);
    this.#allowQuery = query;
    this.#allowTransfer = transfer;
    this.#allowNotify = notify;
  }

  get configuration(): ZoneConfiguration {
    return this.#configuration;
  }

  /** What is answered from; undefined: SERVFAIL. */
  get records(): Zone | undefined {
    return this.isExpired ? undefined : this.zone;
  }

  get isOpen(): boolean {
    return this.#allowQuery.isOpen;
  }

  /** Two zones with the same are for the same clients. */
  get audience(): string {
    return this.#audience;
  }

  mayQuery(address: Uint8Array, key: DomainName | undefined): boolean {
    return this.#allowQuery.allows(address, key);
  }

  mayTransfer(address: Uint8Array, key: DomainName | undefined): boolean {
    return this.#allowTransfer.allows(address, key);
  }

  /** Its primaries may, and whom the configuration names. */
  mayNotify(address: Uint8Array, key: DomainName | undefined): boolean {
    const isPrimary = this.#configuration.primaries.some((primary) =>
      Buffer.from(address).equals(addressOctets(primary.address)),
    );
    return isPrimary || this.#allowNotify.allows(address, key);
  }

  /** A primary's is as its SOA record has it (RFC 7314 §3.1), a secondary's what is left of it (§3.2). */
  expireSeconds(nowMs: number): number | undefined {
    if (this.#configuration.kind === "primary") return this.zone?.soa.expire;
    if (this.expiresAtMs === null) return undefined;
    return Math.min(0xffff_ffff, Math.max(0, Math.floor((this.expiresAtMs - nowMs) / 1000)));
  }

  weightingOf(owner: DomainName, type: number): Weighting | undefined {
    return this.#weightings.size === 0 ? undefined : this.#weightings.get(`${type} ${owner}`);
  }

  /** Other records than before, with the steps that are known to lead to them. */
  replace(zone: Zone, history = new ZoneHistory(maximumHistoryRecords)): void {
    this.zone = zone;
    this.history = history;
    this.isExpired = false;
  }
}

/** What is weighted, by type and name. A record that cannot be read is in no zone either, and left out. Throws NameError. */
function weightingsOf(weighted: readonly WeightedRrset[], apex: DomainName): ReadonlyMap<string, Weighting> {
  const weightings = new Map<string, Weighting>();
  for (const { name, type: typeName, weights, answers } of weighted) {
    const type = parseRecordType(typeName);
    if (type === undefined) continue;
    const byData = new Map<string, number>();
    for (const { data, weight } of weights) {
      try {
        byData.set(parseRecordText(type, data, apex), weight);
      } catch (error) {
        if (!(error instanceof RecordDataError)) throw error;
      }
    }
    weightings.set(`${type} ${lowerName(parseName(name))}`, { weights: byData, answers });
  }
  return weightings;
}
