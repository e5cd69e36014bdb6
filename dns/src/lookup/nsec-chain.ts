import { type DomainName, lowerName } from "../name/index.ts";
import { recordTypes } from "../record/index.ts";
import type { Zone, ZoneNode } from "../zone/index.ts";
import { rrsetOf } from "./locate.ts";

/** The names of a zone that have NSEC records, in canonical order: a circle, each covering what is between it and the next (RFC 4034 §4). */
export class NsecChain {
  readonly #zone: Zone;

  constructor(zone: Zone) {
    this.#zone = zone;
  }

  /** The node of a name, if it has a NSEC record. */
  at(name: DomainName): ZoneNode | undefined {
    const node = this.#zone.find(lowerName(name));
    return node !== undefined && rrsetOf(node, recordTypes.NSEC) !== undefined ? node : undefined;
  }

  /** The last name before `name` in the circle, or that name itself. */
  covering(name: DomainName): ZoneNode | undefined {
    const owner = this.#zone.nsecOwnerAtOrBefore(name);
    return owner === undefined ? undefined : this.#zone.find(owner);
  }
}
