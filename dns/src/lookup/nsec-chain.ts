import { canonicalKey, type DomainName, lowerName } from "../name/index.ts";
import { recordTypes } from "../record/index.ts";
import type { Zone, ZoneNode } from "../zone/index.ts";
import { rrsetOf } from "./locate.ts";

/** The names of a zone that have NSEC records, in canonical order: a circle, each covering what is between it and the next (RFC 4034 §4). */
export class NsecChain {
  readonly #zone: Zone;
  readonly #nodes: readonly { readonly key: string; readonly node: ZoneNode }[];

  constructor(zone: Zone) {
    this.#zone = zone;
    const nodes: { key: string; node: ZoneNode }[] = [];
    for (const node of zone.nodes()) {
      if (rrsetOf(node, recordTypes.NSEC) !== undefined) nodes.push({ key: canonicalKey(node.name), node });
    }
    this.#nodes = nodes.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** The node of a name, if it has a NSEC record. */
  at(name: DomainName): ZoneNode | undefined {
    const node = this.#zone.find(lowerName(name));
    return node !== undefined && rrsetOf(node, recordTypes.NSEC) !== undefined ? node : undefined;
  }

  /** The last name before `name` in the circle, or that name itself. */
  covering(name: DomainName): ZoneNode | undefined {
    return findLast(this.#nodes, canonicalKey(name))?.node;
  }
}

/** The last of a sorted list whose key is not after `key`; the very last one where all are after it. */
export function findLast<Item extends { readonly key: string }>(items: readonly Item[], key: string): Item | undefined {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.key ?? "") <= key) low = middle + 1;
    else high = middle;
  }
  return items[low - 1] ?? items.at(-1);
}
