import type { BlobLocation, BlobType, Id, PackedBlob } from "../blob/index.ts";
import { sealOverheadBytes } from "../crypto/index.ts";
import type { BlobIndex, SharedBlobTable } from "./blob-index.ts";
import { recordLength, recordOffset, recordType, recordUncompressedLength, recordWords } from "./blob-records.ts";
import { BlobTable, claimedPack, deadPack } from "./blob-table.ts";
import { IdBytes } from "./id-bytes.ts";
import { PackTable } from "./pack-table.ts";

/** An index with nothing in it. */
export function createBlobIndex(): TableBlobIndex {
  return new TableBlobIndex();
}

/**
 * The index as a table in shared memory. Which packs there are, and the chain of each pack's blobs, only the main thread knows: worker
 * threads do no more than claim.
 */
export class TableBlobIndex implements BlobIndex {
  readonly #table = BlobTable.allocate();
  readonly #packs = new PackTable();
  readonly #obsoleteIndexIds = new Set<Id>();
  readonly #id = new IdBytes();
  // For each entry, the entry + 1 that its pack had before; 0 for the end of the chain.
  #nextInPack = new Uint32Array(4096);
  #blobCount = 0;

  get shared(): SharedBlobTable {
    return this.#table.shared;
  }

  get blobCount(): number {
    return this.#blobCount;
  }

  get claimedCount(): number {
    return this.#locked(() => this.#table.claimedCount);
  }

  get blobNumberLimit(): number {
    return this.#locked(() => this.#table.entryCount);
  }

  get obsoleteIndexIds(): ReadonlySet<Id> {
    return this.#obsoleteIndexIds;
  }

  has(type: BlobType, id: Id): boolean {
    return this.blobNumber(type, id) !== -1;
  }

  hasWritten(type: BlobType, text: Uint8Array, at: number): boolean {
    if (!this.#id.setAscii(text, at)) return false;
    this.#table.lock();
    const entry = this.#firstStoredOf(this.#table.first(type, this.#id.words));
    this.#table.unlock();
    return entry !== -1;
  }

  find(type: BlobType, id: Id): BlobLocation | null {
    return this.#locked(() => {
      const entry = this.#firstStored(type, id);
      return entry === -1 ? null : this.#locationOf(entry);
    });
  }

  findAll(type: BlobType, id: Id): readonly BlobLocation[] {
    return this.#locked(() => {
      const places: BlobLocation[] = [];
      for (let entry = this.#firstStored(type, id); entry !== -1; entry = this.#nextStored()) {
        places.push(this.#locationOf(entry));
      }
      return places;
    });
  }

  plaintextLength(type: BlobType, id: Id): number | null {
    return this.#locked(() => {
      const entry = this.#firstStored(type, id);
      if (entry === -1) return null;
      return this.#table.uncompressedLengthOf(entry) ?? this.#table.lengthOf(entry) - sealOverheadBytes;
    });
  }

  blobNumber(type: BlobType, id: Id): number {
    return this.#locked(() => this.#firstStored(type, id));
  }

  *packs(): Generator<{ readonly id: Id; readonly indexIds: readonly Id[] }> {
    for (const number of this.#packs.numbers()) {
      yield { id: this.#packs.idOf(number), indexIds: this.#packs.indexesOf(number) };
    }
  }

  blobsOfPack(packId: Id): readonly PackedBlob[] {
    const number = this.#packs.find(packId);
    if (number === -1) return [];
    return this.#locked(() => {
      const blobs: PackedBlob[] = [];
      for (let entry = this.#packs.headOf(number) - 1; entry !== -1; entry = (this.#nextInPack[entry] ?? 0) - 1) {
        this.#table.copyId(entry, this.#id.words);
        blobs.push({
          id: this.#id.hex(),
          type: this.#table.typeOf(entry),
          offset: this.#table.offsetOf(entry),
          length: this.#table.lengthOf(entry),
          uncompressedLength: this.#table.uncompressedLengthOf(entry),
        });
      }
      return blobs.sort((a, b) => a.offset - b.offset);
    });
  }

  addPack(packId: Id, blobs: readonly PackedBlob[], indexId: Id | null): void {
    const pack = this.addPackNumber(packId, indexId);
    for (const blob of blobs) {
      if (!this.#id.setHex(blob.id)) throw new Error(`"${blob.id}" is no id of a blob`);
      this.addBlob(pack, blob.type, this.#id.words, blob.offset, blob.length, blob.uncompressedLength);
    }
  }

  /** The number of a pack, which is known from now on, for `addBlob`. */
  addPackNumber(packId: Id, indexId: Id | null): number {
    const pack = this.#packs.add(packId);
    if (pack >= deadPack) throw new Error(`no room for more than ${deadPack} packs`);
    if (indexId !== null) this.#packs.addIndex(pack, indexId);
    return pack;
  }

  /** Adds a blob of a pack, unless it is known to be there. It takes up the claim of a worker thread if there is one. */
  addBlob(
    pack: number,
    type: BlobType,
    id: Uint32Array,
    offset: number,
    length: number,
    uncompressedLength: number | null,
  ): void {
    this.#locked(() => this.#add(pack, type, id, offset, length, uncompressedLength));
  }

  /** Makes room for so many blobs that are going to be added, so that it need not be made again and again. */
  expect(count: number): void {
    this.#locked(() => this.#table.expect(count));
    if (count > this.#nextInPack.length) this.#nextInPack = enlarged(this.#nextInPack, count);
  }

  /** The same for many at once, as `BlobRecords` has them. */
  addBlobs(pack: number, records: Uint32Array, count: number): void {
    const table = this.#table;
    this.#locked(() => {
      table.reserve(count);
      for (let at = 0; at < count * recordWords; ) {
        const first = table.entryCount;
        const added = table.appendRun(pack, records, at, count - at / recordWords);
        this.#blobCount += added;
        this.#chainRun(pack, first, added);
        at += added * recordWords;
        if (added > 0) continue;
        const type = records[at + recordType] === 1 ? "tree" : "data";
        const [offset, length] = [records[at + recordOffset] ?? 0, records[at + recordLength] ?? 0];
        const uncompressedLength = records[at + recordUncompressedLength] || null;
        this.#add(pack, type, records.subarray(at, at + 8), offset, length, uncompressedLength);
        at += recordWords;
      }
    });
  }

  #add(
    pack: number,
    type: BlobType,
    id: Uint32Array,
    offset: number,
    length: number,
    uncompressedLength: number | null,
  ): void {
    const table = this.#table;
    table.reserve(1);
    let free = -1;
    let isStored = false;
    for (let entry = table.first(type, id); entry !== -1; entry = table.next()) {
      const of = table.packOf(entry);
      if (of === pack && table.offsetOf(entry) === offset) return;
      if (of === claimedPack) free = entry;
      else if (of !== deadPack) isStored = true;
      else if (free === -1) free = entry;
    }
    if (free === -1) free = table.append(pack);
    else {
      if (table.packOf(free) === claimedPack) table.changeClaimedCount(-1);
      table.setPack(free, pack);
    }
    table.setPlace(free, offset, length, uncompressedLength);
    if (!isStored) this.#blobCount++;
    this.#chain(pack, free);
  }

  removePacks(packIds: ReadonlySet<Id>): void {
    for (const packId of packIds) {
      const pack = this.#packs.find(packId);
      if (pack !== -1) this.#removePack(pack);
    }
  }

  setIndexesOfPack(packId: Id, indexIds: readonly Id[]): void {
    const pack = this.#packs.find(packId);
    if (pack !== -1) this.#packs.setIndexes(pack, indexIds);
  }

  /** Notes index files that nothing needs. */
  addObsoleteIndexes(indexIds: Iterable<Id>): void {
    for (const id of indexIds) this.#obsoleteIndexIds.add(id);
  }

  forgetObsoleteIndexes(): void {
    this.#obsoleteIndexIds.clear();
  }

  /** Forgets what only these index files said, because others supersede them, and notes that nothing needs them. */
  dropIndexes(indexIds: ReadonlySet<Id>): void {
    for (const pack of this.#packs.numbers()) {
      const mentioning = this.#packs.indexesOf(pack);
      const left = mentioning.filter((id) => !indexIds.has(id));
      if (left.length === mentioning.length) continue;
      if (left.length === 0) this.#removePack(pack);
      else this.#packs.setIndexes(pack, left);
    }
    this.addObsoleteIndexes(indexIds);
  }

  releaseClaims(): void {
    this.#locked(() => {
      for (let entry = 0; entry < this.#table.entryCount && this.#table.claimedCount > 0; entry++) {
        if (this.#table.packOf(entry) !== claimedPack) continue;
        this.#table.setPack(entry, deadPack);
        this.#table.changeClaimedCount(-1);
      }
    });
  }

  #removePack(pack: number): void {
    const table = this.#table;
    this.#locked(() => {
      for (let entry = this.#packs.headOf(pack) - 1; entry !== -1; entry = (this.#nextInPack[entry] ?? 0) - 1) {
        table.setPack(entry, deadPack);
        table.copyId(entry, this.#id.words);
        if (this.#firstStoredOf(table.first(table.typeOf(entry), this.#id.words)) === -1) this.#blobCount--;
      }
    });
    this.#packs.remove(pack);
  }

  #locationOf(entry: number): BlobLocation {
    return {
      packId: this.#packs.idOf(this.#table.packOf(entry)),
      offset: this.#table.offsetOf(entry),
      length: this.#table.lengthOf(entry),
      uncompressedLength: this.#table.uncompressedLengthOf(entry),
    };
  }

  #firstStored(type: BlobType, id: Id): number {
    return this.#id.setHex(id) ? this.#firstStoredOf(this.#table.first(type, this.#id.words)) : -1;
  }

  #nextStored(): number {
    return this.#firstStoredOf(this.#table.next());
  }

  #firstStoredOf(first: number): number {
    let entry = first;
    while (entry !== -1 && this.#table.packOf(entry) >= deadPack) entry = this.#table.next();
    return entry;
  }

  #chain(pack: number, entry: number): void {
    this.#chainRun(pack, entry, 1);
  }

  /** Entries that follow each other. */
  #chainRun(pack: number, first: number, count: number): void {
    if (count === 0) return;
    const end = first + count;
    if (end > this.#nextInPack.length) {
      this.#nextInPack = enlarged(this.#nextInPack, Math.max(end, Math.ceil(this.#nextInPack.length * 1.5)));
    }
    const next = this.#nextInPack;
    next[first] = this.#packs.headOf(pack);
    for (let entry = first + 1; entry < end; entry++) next[entry] = entry;
    this.#packs.setHead(pack, end);
  }

  #locked<T>(work: () => T): T {
    this.#table.lock();
    try {
      return work();
    } finally {
      this.#table.unlock();
    }
  }
}

function enlarged(old: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(length);
  longer.set(old);
  return longer;
}
