import type { BlobType } from "../blob/index.ts";
import type { SharedBlobTable } from "./blob-index.ts";
import { SharedMutex } from "./shared-mutex.ts";

// An entry is twelve words: the id (8), pack number and type, offset, length, length before compression (0: not compressed).
const entryWords = 12;
const packWord = 8;
const treeBit = 0x8000_0000;
const packMask = 0x3fff_ffff;

/** In the place of a pack number: a worker thread has taken it on itself to store this blob. */
export const claimedPack = packMask;
/** In the place of a pack number: the pack is gone. The entry stays, because chains of buckets lead over it. */
export const deadPack = packMask - 1;

// The header, in words.
const mutexWord = 0;
const entryCountWord = 1;
const entryCapacityWord = 2;
const bucketCountWord = 3;
const claimedCountWord = 4;

const initialEntries = 4096;
const fullestBuckets = 0.7;
const longestRun = 64;

/**
 * The table itself, as one thread sees it: entries in the order of their arrival, and open addressing over them by the first word of the
 * id, which is as random as a hash. Blobs lie several times in it when several packs have them. Both buffers grow in place, in every
 * thread's sight. Between `lock` and `unlock` nobody else changes it; every other method is called between these two.
 */
export class BlobTable {
  readonly shared: SharedBlobTable;
  readonly #mutex: SharedMutex;
  readonly #header: Int32Array;
  readonly #entryBuffer: SharedArrayBuffer;
  readonly #bucketBuffer: SharedArrayBuffer;
  #entries: Uint32Array;
  #buckets: Uint32Array;
  // What `first` looked for, and the bucket where `next` goes on; after -1, the empty bucket where it would be.
  #wanted = new Uint32Array(8);
  #wantedType = 0;
  #bucket = 0;

  constructor(shared: SharedBlobTable) {
    const [header, entries, buckets] = shared.buffers;
    if (header === undefined || entries === undefined || buckets === undefined) throw new Error("not a table of blobs");
    this.shared = shared;
    this.#header = new Int32Array(header);
    this.#mutex = new SharedMutex(this.#header.subarray(mutexWord, mutexWord + 1));
    this.#entryBuffer = entries;
    this.#bucketBuffer = buckets;
    this.#entries = new Uint32Array(entries, 0, this.#word(entryCapacityWord) * entryWords);
    this.#buckets = new Uint32Array(buckets, 0, this.#word(bucketCountWord));
  }

  /** A new, empty table. */
  static allocate(): BlobTable {
    const header = new SharedArrayBuffer(64);
    const words = new Int32Array(header);
    words[entryCapacityWord] = initialEntries;
    words[bucketCountWord] = initialEntries * 2;
    return new BlobTable({ buffers: [header, ...allocateGrowable()] });
  }

  lock(): void {
    this.#mutex.lock();
    // Another thread may have made it larger since; views of fixed length are as fast as those of any array.
    if (this.#entries.length !== this.#word(entryCapacityWord) * entryWords) this.#viewEntries();
    if (this.#buckets.length !== this.#word(bucketCountWord)) this.#viewBuckets();
  }

  unlock(): void {
    this.#mutex.unlock();
  }

  get entryCount(): number {
    return this.#word(entryCountWord);
  }

  get claimedCount(): number {
    return this.#word(claimedCountWord);
  }

  changeClaimedCount(by: number): void {
    this.#header[claimedCountWord] = this.#word(claimedCountWord) + by;
  }

  /** The first entry of a blob, in no particular order, dead and claimed ones included; -1 for none. */
  first(type: BlobType, id: Uint32Array): number {
    this.#wanted.set(id);
    this.#wantedType = type === "tree" ? treeBit : 0;
    this.#bucket = (id[0] ?? 0) & (this.#buckets.length - 1);
    return this.#search();
  }

  /** The next entry of the blob that `first` looked for; -1 for no more. */
  next(): number {
    this.#bucket = (this.#bucket + 1) & (this.#buckets.length - 1);
    return this.#search();
  }

  /** Makes room for so many more entries. To be called before `first`, since it moves buckets. */
  reserve(entries: number): void {
    const count = this.entryCount + entries;
    if (count > this.#entries.length / entryWords) this.#growEntries(count);
    if (count > this.#buckets.length * fullestBuckets) this.#growBuckets(count);
  }

  /** Makes room for so many entries in all as far as buckets go, which cost the most to enlarge; memory that is not used is not taken. */
  expect(entries: number): void {
    const most = Math.floor((this.#bucketBuffer.maxByteLength / 4) * fullestBuckets);
    if (entries > this.#buckets.length * fullestBuckets) this.#growBuckets(Math.min(entries, most));
  }

  /**
   * Adds records, as `BlobRecords` has them, some at once, up to the first that may be of a blob that an entry is of already: how many that were. After
   * `reserve`. Of a million blobs that is the most of what it takes to read an index.
   */
  appendRun(pack: number, records: Uint32Array, at: number, most: number): number {
    // What comes behind one that is there already is copied again.
    const count = Math.min(most, longestRun);
    const entries = this.#entries;
    const buckets = this.#buckets;
    const mask = buckets.length - 1;
    const firstEntry = this.entryCount;
    entries.set(records.subarray(at, at + count * entryWords), firstEntry * entryWords);
    let added = 0;
    for (let to = firstEntry * entryWords; added < count; added++, to += entryWords) {
      const first = entries[to] ?? 0;
      let bucket = first & mask;
      let taken = buckets[bucket] ?? 0;
      // Another blob whose id begins with the same 32 bits is not worth a closer look here.
      while (taken !== 0 && entries[(taken - 1) * entryWords] !== first) {
        bucket = (bucket + 1) & mask;
        taken = buckets[bucket] ?? 0;
      }
      if (taken !== 0) break;
      entries[to + packWord] = ((entries[to + packWord] === 1 ? treeBit : 0) | pack) >>> 0;
      buckets[bucket] = firstEntry + added + 1;
    }
    this.#header[entryCountWord] = firstEntry + added;
    return added;
  }

  /** Adds an entry for what `first` and `next` did not find (their last answer was -1, after `reserve`); returns it. */
  append(pack: number): number {
    const entry = this.entryCount;
    this.#entries.set(this.#wanted, entry * entryWords);
    this.#entries[entry * entryWords + packWord] = (this.#wantedType | pack) >>> 0;
    this.#buckets[this.#bucket] = entry + 1;
    this.#header[entryCountWord] = entry + 1;
    return entry;
  }

  packOf(entry: number): number {
    return (this.#entries[entry * entryWords + packWord] ?? 0) & packMask;
  }

  setPack(entry: number, pack: number): void {
    const at = entry * entryWords + packWord;
    this.#entries[at] = (((this.#entries[at] ?? 0) & treeBit) | pack) >>> 0;
  }

  typeOf(entry: number): BlobType {
    return ((this.#entries[entry * entryWords + packWord] ?? 0) & treeBit) !== 0 ? "tree" : "data";
  }

  copyId(entry: number, target: Uint32Array): void {
    const at = entry * entryWords;
    for (let i = 0; i < 8; i++) target[i] = this.#entries[at + i] ?? 0;
  }

  offsetOf(entry: number): number {
    return this.#entries[entry * entryWords + 9] ?? 0;
  }

  lengthOf(entry: number): number {
    return this.#entries[entry * entryWords + 10] ?? 0;
  }

  uncompressedLengthOf(entry: number): number | null {
    return this.#entries[entry * entryWords + 11] || null;
  }

  setPlace(entry: number, offset: number, length: number, uncompressedLength: number | null): void {
    const at = entry * entryWords;
    this.#entries[at + 9] = offset;
    this.#entries[at + 10] = length;
    this.#entries[at + 11] = uncompressedLength ?? 0;
  }

  #word(index: number): number {
    return this.#header[index] ?? 0;
  }

  #search(): number {
    const buckets = this.#buckets;
    const mask = buckets.length - 1;
    for (let bucket = this.#bucket; ; bucket = (bucket + 1) & mask) {
      const entry = (buckets[bucket] ?? 0) - 1;
      if (entry === -1 || this.#isWanted(entry * entryWords)) {
        this.#bucket = bucket;
        return entry;
      }
    }
  }

  #isWanted(at: number): boolean {
    const entries = this.#entries;
    const wanted = this.#wanted;
    if (entries[at] !== wanted[0]) return false;
    for (let i = 1; i < 8; i++) if (entries[at + i] !== wanted[i]) return false;
    return ((entries[at + packWord] ?? 0) & treeBit) >>> 0 === this.#wantedType;
  }

  #growEntries(count: number): void {
    const most = this.#entryBuffer.maxByteLength / (entryWords * 4);
    const capacity = Math.min(Math.max(Math.ceil(this.#word(entryCapacityWord) * 1.5), count), most);
    if (capacity < count) throw new Error(`no room for more than ${most} blobs`);
    this.#entryBuffer.grow(capacity * entryWords * 4);
    this.#header[entryCapacityWord] = capacity;
    this.#viewEntries();
  }

  #growBuckets(entries: number): void {
    let count = this.#buckets.length * 2;
    while (entries > count * fullestBuckets) count *= 2;
    this.#bucketBuffer.grow(count * 4);
    this.#header[bucketCountWord] = count;
    this.#viewBuckets();
    const buckets = this.#buckets.fill(0);
    const mask = count - 1;
    const entryCount = this.entryCount;
    for (let entry = 0; entry < entryCount; entry++) {
      let bucket = (this.#entries[entry * entryWords] ?? 0) & mask;
      while (buckets[bucket] !== 0) bucket = (bucket + 1) & mask;
      buckets[bucket] = entry + 1;
    }
  }

  #viewEntries(): void {
    this.#entries = new Uint32Array(this.#entryBuffer, 0, this.#word(entryCapacityWord) * entryWords);
  }

  #viewBuckets(): void {
    this.#buckets = new Uint32Array(this.#bucketBuffer, 0, this.#word(bucketCountWord));
  }
}

// Only addresses are set aside for the most that it can grow to, no memory; where addresses are rationed (ulimit -v), fewer.
function allocateGrowable(): [SharedArrayBuffer, SharedArrayBuffer] {
  for (let most = 2 ** 27; ; most /= 4) {
    try {
      return [
        new SharedArrayBuffer(initialEntries * entryWords * 4, { maxByteLength: most * entryWords * 4 }),
        new SharedArrayBuffer(initialEntries * 2 * 4, { maxByteLength: most * 2 * 4 }),
      ];
    } catch (error) {
      if (!(error instanceof RangeError) || most <= 2 ** 20) throw error;
    }
  }
}
