import type { BlobType, Id } from "../blob/index.ts";
import { DamagedError } from "../error/index.ts";
import { type BlobRecords, openBlobRecords } from "./blob-records.ts";
import { IdBytes } from "./id-bytes.ts";
import { JsonScanner } from "./json-scanner.ts";

/** Told what an index file says, in its order. */
export interface IndexVisitor {
  onSuperseded(id: Id): void;
  onPack(id: Id): void;
  /** A blob of the pack told last. `id` is filled again for the next blob. */
  onBlob(type: BlobType, id: IdBytes, offset: number, length: number, uncompressedLength: number | null): void;
  /** Many blobs of that pack at once, as `BlobRecords` has them; whoever does not take them so is told of each by `onBlob`. */
  onBlobs?(records: Uint32Array, count: number): void;
}

/**
 * Goes through the JSON of an index file (doc/design.rst, "Indexing") without making objects of it: one file may hold 150,000 blobs. Takes
 * the older form as well, in which the list of packs is all there is. Throws DamagedError, which names `object`, for anything else.
 */
export function scanIndexFile(json: Uint8Array, object: string, visitor: IndexVisitor): void {
  const scanner = new JsonScanner(json, (message) => new DamagedError(object, `is no index: ${message}`));
  const reader = new IndexReader(scanner, visitor);
  if (scanner.peek() === "[") reader.readPacks();
  else {
    scanner.object((key) => {
      if (key === "packs") reader.readPacks();
      else if (key === "supersedes") reader.readSupersedes();
      else scanner.skipValue();
    });
  }
  scanner.end();
}

class IndexReader {
  readonly #scanner: JsonScanner;
  readonly #visitor: IndexVisitor;
  readonly #records: BlobRecords | null;
  readonly #id = new IdBytes();
  // The blob being read; its fields may come in any order.
  #hasId = false;
  #type: BlobType | null = null;
  #offset = -1;
  #length = -1;
  #uncompressedLength = 0;

  constructor(scanner: JsonScanner, visitor: IndexVisitor) {
    this.#scanner = scanner;
    this.#visitor = visitor;
    this.#records = visitor.onBlobs === undefined ? null : openBlobRecords(scanner.bytes);
  }

  readSupersedes(): void {
    if (this.#scanner.skipNull()) return;
    this.#scanner.array(() => {
      this.#readId();
      this.#visitor.onSuperseded(this.#id.hex());
    });
  }

  readPacks(): void {
    if (this.#scanner.skipNull()) return;
    this.#scanner.array(() => this.#readPack());
  }

  #readPack(): void {
    const scanner = this.#scanner;
    let isNamed = false;
    let blobsAt = -1;
    scanner.object((key) => {
      if (key === "id") {
        this.#readId();
        this.#visitor.onPack(this.#id.hex());
        isNamed = true;
      } else if (key === "blobs" && isNamed) this.#readBlobs();
      else {
        if (key === "blobs") blobsAt = scanner.position;
        scanner.skipValue();
      }
    });
    if (!isNamed) scanner.fail("a pack without id");
    if (blobsAt === -1) return;
    // The blobs came before the name of their pack: back to them, now that it is told.
    const end = scanner.position;
    scanner.position = blobsAt;
    this.#readBlobs();
    scanner.position = end;
  }

  #readBlobs(): void {
    if (this.#scanner.skipNull()) return;
    this.#scanner.array(() => {
      if (!this.#takeBlobs()) this.#readBlob();
    });
  }

  /** Goes past as many blobs as can be read at once; false when the next one cannot. */
  #takeBlobs(): boolean {
    const records = this.#records;
    const count = records?.take(this.#scanner.position) ?? 0;
    if (records === null || count === 0) return false;
    this.#visitor.onBlobs?.(records.records, count);
    this.#scanner.position = records.position;
    return true;
  }

  #readBlob(): void {
    this.#hasId = false;
    this.#type = null;
    this.#offset = -1;
    this.#length = -1;
    this.#uncompressedLength = 0;
    this.#scanner.object((key) => this.#readField(key));
    if (!this.#hasId || this.#type === null || this.#offset < 0 || this.#length < 0) {
      this.#scanner.fail("a blob without id, type, offset or length");
      return;
    }
    this.#visitor.onBlob(this.#type, this.#id, this.#offset, this.#length, this.#uncompressedLength || null);
  }

  #readField(key: string): void {
    switch (key) {
      case "id":
        this.#readId();
        this.#hasId = true;
        return;
      case "type":
        this.#type = this.#readType();
        return;
      case "offset":
        this.#offset = this.#scanner.integer();
        return;
      case "length":
        this.#length = this.#scanner.integer();
        return;
      case "uncompressed_length":
        this.#uncompressedLength = this.#scanner.integer();
        return;
      default:
        this.#scanner.skipValue();
    }
  }

  #readType(): BlobType {
    const type = this.#scanner.string();
    if (type !== "data" && type !== "tree") this.#scanner.fail(`a blob of type "${type}"`);
    return type === "tree" ? "tree" : "data";
  }

  #readId(): void {
    const at = this.#scanner.rawString();
    if (this.#scanner.position - at !== 65 || !this.#id.setAscii(this.#scanner.bytes, at)) {
      this.#scanner.fail("something that is no id");
    }
  }
}
