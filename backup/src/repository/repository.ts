import type { Backend, FileType } from "../backend/index.ts";
import type { BlobType, Id } from "../blob/index.ts";
import type { MasterKey } from "../crypto/index.ts";
import type { DamagedError, NotFoundError } from "../error/index.ts";
import type { BlobIndex } from "../index/index.ts";
import type { Node } from "../tree/index.ts";

/** The repository's `config` file. */
export interface RepositoryConfig {
  readonly version: 1 | 2;
  readonly id: Id;
  /** Hexadecimal, an irreducible polynomial of degree 53 over GF(2); restic chunks with it, and ours is seeded by it. */
  readonly chunkerPolynomial: string;
}

export interface LoadIndexOptions {
  /** Told of index files that cannot be read, which are left out then. Without it, the first of them is thrown. */
  readonly onDamaged?: (indexId: Id, error: DamagedError | NotFoundError) => void;
  /**
   * Called, when no index was loaded before, each time a part of it has been read: `index` has that part already. More is read when what it returns
   * resolves. What is not in a part may be in another, and what is there may turn out to be superseded.
   */
  readonly onPart?: () => Promise<void>;
}

/** An open repository. Everything read from it is authenticated and checked against its name before it is returned. */
export interface Repository {
  readonly backend: Backend;
  readonly config: RepositoryConfig;
  readonly key: MasterKey;
  /** The key file that the password opened. */
  readonly keyId: Id;
  /** Where blobs lie; empty until `loadIndex` was called, and another object after it. */
  readonly index: BlobIndex;

  /** Reads every index file (from the local cache where it can). List the snapshots first: a snapshot listed has its index then. */
  loadIndex(signal?: AbortSignal, options?: LoadIndexOptions): Promise<void>;
  /** Encrypts (version 2: compresses) and stores a JSON document; returns its name when it is durable. */
  saveUnpacked(
    type: Exclude<FileType, "config" | "keys" | "data" | "holds">,
    document: unknown,
    signal?: AbortSignal,
  ): Promise<Id>;
  /** The document of that name. Throws NotFoundError, DamagedError. */
  loadUnpacked(type: Exclude<FileType, "keys" | "data" | "holds">, id: Id, signal?: AbortSignal): Promise<unknown>;
  /** As `loadUnpacked`, but the bytes of the JSON text. */
  loadUnpackedBytes(
    type: Exclude<FileType, "keys" | "data" | "holds">,
    id: Id,
    signal?: AbortSignal,
  ): Promise<Uint8Array>;
  /** The plaintext of a blob. Throws NotFoundError when no index knows it, DamagedError. Tries every pack that has it. */
  loadBlob(type: BlobType, id: Id, signal?: AbortSignal): Promise<Uint8Array>;
  /** The plaintexts of data blobs that are wanted together, in few reads. What cannot be read so is left out: `loadBlob` says what is wrong with it. */
  loadBlobs(ids: Iterable<Id>, signal?: AbortSignal): Promise<ReadonlyMap<Id, Uint8Array>>;
  /** A pack of trees as it is stored, from the local cache where it can be; its content is not looked at. Throws NotFoundError. */
  loadTreePack(packId: Id, signal?: AbortSignal): Promise<Uint8Array>;
  /** A directory. Recently loaded trees are kept in a small cache. */
  loadTree(id: Id, signal?: AbortSignal): Promise<readonly Node[]>;
  /** Holds back what changes the repository, locks excepted, until a promise settles; what was held back fails when the promise does. */
  deferWrites(until: Promise<unknown>): void;
  close(): Promise<void>;
}
