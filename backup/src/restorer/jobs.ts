import type { Id } from "../blob/index.ts";
import type { ByteString } from "../byte-string/index.ts";
import type { Fault, Metadata } from "../filesystem/index.ts";
import type { Node } from "../tree/index.ts";
import type { WrittenColumns } from "./written-blobs.ts";

// What the main thread asks the worker threads to do. Descriptors are numbers that all threads share; the main thread opens and closes them.

/** An entry that is made under a temporary name, or at once where nothing can be in the way, and gets its metadata. */
export interface Placement {
  /** Descriptor of the directory. */
  readonly directory: number;
  readonly name: ByteString;
  readonly metadata: Metadata;
  /** Whether something of that name is there and is replaced. */
  readonly isReplacing: boolean;
}

/** A whole small file of one blob. */
export interface WholePlace extends Placement {
  readonly kind: "whole";
  readonly isSparse: boolean;
  /** Whether it is made under its own name at once: see `isBare`. */
  readonly isDirect: boolean;
}

/** A part of a file that is open already. */
export interface PartPlace {
  readonly kind: "part";
  readonly fd: number;
  /** Bytes from the file's start. */
  readonly position: number;
  readonly isSparse: boolean;
}

export type Place = WholePlace | PartPlace;

/** A piece of a pack where it lies, for the thread to read; one that was loaded; or one blob that is plaintext already, loaded another way. */
export type WriteSource =
  | { readonly kind: "file"; readonly path: string; readonly offset: number; readonly length: number }
  | { readonly kind: "sealed" | "plain"; readonly bytes: Uint8Array<ArrayBuffer> };

/** Opens, decompresses and checks the blobs of a piece of a pack, and writes them. Their offsets are from the piece's start. */
export interface WriteJob {
  readonly kind: "write";
  readonly source: WriteSource;
  readonly blobs: WrittenColumns;
}

/** Makes entries without content: empty files, symbolic links, FIFOs, devices. */
export interface MakeJob {
  readonly kind: "make";
  readonly items: readonly MadeItem[];
}

export interface MadeItem extends Placement {
  readonly type: Extract<Node["type"], "file" | "symlink" | "fifo" | "dev" | "chardev">;
  readonly linkTarget: ByteString;
  readonly device: bigint;
}

/** A stretch of a file, blob by blob. */
export interface ExpectedBlob {
  readonly id: Id;
  readonly length: number;
}

/** A blob that comes so often in a row: once mostly, very often in a hole. */
export interface ExpectedRun extends ExpectedBlob {
  readonly count: number;
}

/** Compares what is there with what should be. */
export interface ExamineJob {
  readonly kind: "examine";
  readonly items: readonly ExaminedItem[];
}

/** An entry as the main thread saw it. Another inode of that name was put there since, and nothing is done to it. */
export interface ExistingEntry {
  /** Descriptor of the directory. */
  readonly directory: number;
  readonly name: ByteString;
  readonly inode: bigint;
}

export interface ExaminedItem {
  /** An entry of a directory, or a file that is open already. */
  readonly source: (Omit<ExistingEntry, "inode"> & { readonly inode: bigint | null }) | { readonly fd: number };
  readonly position: number;
  readonly runs: readonly ExpectedRun[];
  /** The length the whole file must have to be equal. */
  readonly size: number;
  /** Given to the file when it is equal; null leaves it. */
  readonly metadata: Metadata | null;
}

/** Gives metadata to entries that exist, whatever their type. */
export interface DressJob {
  readonly kind: "dress";
  readonly items: readonly DressedItem[];
}

export interface DressedItem extends ExistingEntry {
  readonly metadata: Metadata;
}

/** Takes over stretches of an existing file into a new one, where they are right. */
export interface CopyJob {
  readonly kind: "copy";
  readonly source: { readonly directory: number; readonly name: ByteString };
  readonly fd: number;
  readonly isSparse: boolean;
  readonly pieces: readonly (ExpectedBlob & { readonly position: number })[];
}

/** Gives an open file of parts its length, metadata and name. */
export interface FinishJob extends Placement {
  readonly kind: "finish";
  readonly fd: number;
  readonly size: number;
}

export type RestoreJob = WriteJob | MakeJob | ExamineJob | DressJob | CopyJob | FinishJob;

/** What became of one entry or place: `failure` when it was not done, `faults` what its metadata lacks. */
export interface ItemResult {
  readonly failure: Fault | null;
  readonly faults: readonly Fault[];
}

/** What did not go well, which is little mostly: blobs by number that are damaged or cannot be read, and places by number. */
export interface WriteResult {
  readonly kind: "write";
  readonly damagedBlobs: readonly number[];
  readonly places: readonly (readonly [number, ItemResult])[];
}

/** Of `examine`: which blobs are right (1), and whether the file is equal as a whole. */
export interface ExamineResult {
  readonly kind: "examine";
  readonly items: readonly ExaminedResult[];
}

export interface ExaminedResult extends ItemResult {
  readonly matches: Uint8Array;
  readonly isEqual: boolean;
}

/** Of `make` and `dress` by item; of `finish` one. */
export interface ItemsResult {
  readonly kind: "items";
  readonly items: readonly ItemResult[];
}

/** Which pieces were right and are written (1). */
export interface CopyResult {
  readonly kind: "copy";
  readonly failure: Fault | null;
  readonly copied: Uint8Array;
}

export type RestoreResult = WriteResult | ExamineResult | ItemsResult | CopyResult;

/** What each thread is given once. */
export interface RestoreSetting {
  readonly key: { readonly encrypt: Uint8Array; readonly macK: Uint8Array; readonly macR: Uint8Array };
}
