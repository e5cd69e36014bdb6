import type { BlobType, Id } from "../blob/index.ts";
import type { BlobIndex } from "../index/index.ts";
import type { FindingRecord } from "./findings.ts";

/** What is wrong with a pack: it is of no use at all, or has blobs that cannot be had, by their offsets. */
interface PackFault {
  readonly records: (FindingRecord | null)[];
  lostOffsets: ReadonlySet<number> | "all";
}

/** Where content cannot be had, and which finding says so. */
export class Faults {
  readonly #index: BlobIndex;
  readonly #packs = new Map<Id, PackFault>();
  readonly #blobs = new Map<string, FindingRecord | null>();
  readonly #nodes = new Map<string, FindingRecord | null>();

  constructor(index: BlobIndex) {
    this.#index = index;
  }

  get isEmpty(): boolean {
    return this.#packs.size + this.#blobs.size + this.#nodes.size === 0;
  }

  addPack(packId: Id, record: FindingRecord | null, lostOffsets: ReadonlySet<number> | "all"): void {
    const known = this.#packs.get(packId);
    if (known === undefined) {
      this.#packs.set(packId, { records: [record], lostOffsets });
      return;
    }
    known.records.push(record);
    known.lostOffsets =
      known.lostOffsets === "all" || lostOffsets === "all" ? "all" : new Set([...known.lostOffsets, ...lostOffsets]);
  }

  /** A blob that no index knows, or that could not be read from anywhere. */
  addBlob(type: BlobType, id: Id, record: FindingRecord | null): void {
    this.#blobs.set(`${type} ${id}`, record);
  }

  hasBlob(type: BlobType, id: Id): boolean {
    return this.#blobs.has(`${type} ${id}`);
  }

  /** A file whose node is wrong although its content is there. */
  addNode(treeId: Id, name: string, record: FindingRecord | null): void {
    this.#nodes.set(`${treeId} ${name}`, record);
  }

  ofNode(treeId: Id, name: string): FindingRecord | null {
    return this.#nodes.size === 0 ? null : (this.#nodes.get(`${treeId} ${name}`) ?? null);
  }

  /** The findings because of which a blob cannot be had; empty when it can, from one pack at least. */
  ofBlob(type: BlobType, id: Id): readonly (FindingRecord | null)[] {
    const own = this.#blobs.get(`${type} ${id}`);
    const records = own === undefined ? [] : [own];
    if (this.#packs.size === 0) return records;
    const ofPacks: (FindingRecord | null)[] = [];
    for (const { packId, offset } of this.#index.findAll(type, id)) {
      const fault = this.#packs.get(packId);
      if (fault === undefined || (fault.lostOffsets !== "all" && !fault.lostOffsets.has(offset))) return records;
      ofPacks.push(...fault.records);
    }
    return [...records, ...ofPacks];
  }
}
