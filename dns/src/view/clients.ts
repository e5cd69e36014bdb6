import type { NameServerConfiguration } from "@mycloud/protocol/name-server";
import { AccessList, PrefixSet } from "../access/index.ts";
import type { DomainName } from "../name/index.ts";
import { addressOctets } from "../server/index.ts";
import { type ServedZones, View } from "./view.ts";

/** What holds for whoever sends from an address, as long as nothing is signed. */
export interface Client {
  /** 4 or 16 octets. */
  readonly address: Uint8Array;
  readonly view: View;
  /** Whether the rate of answers to it is not limited. */
  readonly isExempt: boolean;
  /** Whether questions outside of our zones are asked of others for it. */
  readonly isForwarded: boolean;
}

/** Clients that were seen lately: for those the prefixes of views, limits and forwarding are not gone through for each packet. */
const maximumKnown = 8_192;

/** Who sees what, by address and key. */
export class Clients {
  readonly #views: readonly View[];
  readonly #exempt: PrefixSet;
  readonly #forwarded: AccessList;
  readonly #known = new Map<string, Client>();

  /** Throws NameError and PrefixError. */
  constructor(configuration: NameServerConfiguration, zones: ServedZones) {
    this.#views = [...configuration.views.map((each) => new View(each, zones)), new View(null, zones)];
    this.#exempt = new PrefixSet(configuration.rateLimit?.exempt ?? []);
    this.#forwarded = new AccessList(configuration.forwarding?.clients ?? []);
  }

  get views(): readonly View[] {
    return this.#views;
  }

  /** `address` as sockets tell it. */
  find(address: string): Client {
    const known = this.#known.get(address);
    if (known !== undefined) return known;
    const octets = addressOctets(address);
    const client = {
      address: octets,
      view: this.viewFor(octets, undefined),
      isExempt: this.#exempt.has(octets),
      isForwarded: this.#forwarded.allows(octets, undefined),
    };
    if (this.#known.size >= maximumKnown) this.#known.clear();
    this.#known.set(address, client);
    return client;
  }

  /** The first view that is for such a client; the last one is for everybody. */
  viewFor(address: Uint8Array, key: DomainName | undefined): View {
    const view = this.#views.find((each) => each.isFor(address, key)) ?? this.#views.at(-1);
    if (view === undefined) throw new Error("there is no view for everybody");
    return view;
  }
}
