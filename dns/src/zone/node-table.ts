import type { DomainName } from "../name/index.ts";
import { PackedNodes } from "./packed-nodes.ts";
import type { Node, ZoneNode } from "./zone-node.ts";

export interface NodeTableLimits {
  /** So many nodes are objects, which are found fastest. */
  readonly objects: number;
  /** So many of them become octets in one go, which takes a few milliseconds. */
  readonly packedAtOnce: number;
}

const usualLimits: NodeTableLimits = { objects: 16_384, packedAtOnce: 1_024 };

/** The nodes of a zone by name in lower case: objects where they are few, or were touched lately, and octets where they are many. The apex is always an object. */
export class NodeTable {
  readonly #limits: NodeTableLimits;
  readonly #apex: DomainName;
  readonly #objects = new Map<DomainName, Node>();
  readonly #packed = new PackedNodes();

  constructor(apex: DomainName, limits: NodeTableLimits = usualLimits) {
    this.#apex = apex;
    this.#limits = limits;
  }

  get size(): number {
    return this.#objects.size + this.#packed.size;
  }

  /** What those that are octets take. */
  get packedOctets(): number {
    return this.#packed.octets;
  }

  find(key: DomainName): ZoneNode | undefined {
    return this.#objects.get(key) ?? this.#packed.find(key);
  }

  /** As find, to be changed: until the next `settle` what is done to it counts. */
  edit(key: DomainName): Node | undefined {
    const present = this.#objects.get(key);
    if (present !== undefined) return present;
    const taken = this.#packed.take(key);
    if (taken !== undefined) this.#objects.set(key, taken);
    return taken;
  }

  add(key: DomainName, node: Node): void {
    this.#objects.set(key, node);
  }

  delete(key: DomainName): void {
    if (!this.#objects.delete(key)) this.#packed.take(key);
  }

  /** Counts nodes directly below another one; false where that is not there. */
  addChildren(key: DomainName, count: number): boolean {
    const node = this.#objects.get(key);
    if (node === undefined) return this.#packed.addChildren(key, count);
    node.children += count;
    return true;
  }

  /** Makes octets of objects that are too many. Nodes that were given out to be changed are not to be changed any more. */
  settle(): void {
    if (this.#objects.size <= this.#limits.objects) return;
    let left = this.#limits.packedAtOnce;
    // Those that were put there first come first.
    for (const [key, node] of this.#objects) {
      if (key === this.#apex) continue;
      if (left === 0) break;
      left -= 1;
      this.#objects.delete(key);
      this.#packed.put(key, node);
    }
  }

  /** All nodes of this moment, the apex first, however long it takes to go through them and whatever is changed meanwhile. */
  snapshot(): Iterable<ZoneNode> {
    const apex = this.#objects.get(this.#apex);
    const nodes = [...this.#objects.values()].filter((node) => node !== apex);
    const objects = (apex === undefined ? nodes : [apex, ...nodes]).map(({ name, rrsets }) => ({
      name,
      rrsets: [...rrsets],
    }));
    const packed = this.#packed.snapshot();
    return (function* () {
      yield* objects;
      yield* packed;
    })();
  }
}
