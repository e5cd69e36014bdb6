import { closeSync } from "node:fs";
import type { Id } from "../../blob/index.ts";
import type { ByteString } from "../../byte-string/index.ts";
import {
  Directory,
  type Fault,
  type FileStat,
  faultOf,
  mayHaveHoles,
  readDataRanges,
  readExtendedAttributesOf,
  readFileFlags,
  statOf,
} from "../../filesystem/index.ts";
import type { ExtendedAttribute } from "../../tree/index.ts";
import type { ChunkSizeName, ContentReader, StoredContent } from "./file-content.ts";
import { isSystemError } from "./is-system-error.ts";

/** A file to store: an entry of an open directory (descriptors are the whole process's). */
export interface FileToStore {
  readonly directoryFd: number;
  readonly name: ByteString;
  readonly sizes: ChunkSizeName;
}

/** What `FileStat` says, as it travels between threads. */
export type StatFields = Omit<FileStat, "mtimeNs" | "ctimeNs" | "atimeNs">;

/** A file's metadata beside its stat, read from the same descriptor as its content. */
export interface FileMetadata {
  readonly attributes: readonly ExtendedAttribute[];
  /** The carried flags of chattr. */
  readonly flags: number;
  readonly isSparse: boolean;
  readonly faults: readonly Fault[];
}

export type StoredFile =
  | {
      readonly kind: "stored";
      readonly content: readonly Id[];
      /** Bytes stored. */
      readonly size: number;
      /** As it was when reading began. */
      readonly stat: StatFields;
      readonly metadata: FileMetadata;
      /** Whether it changed while it was read, twice: what is stored may never have been its content at one time. */
      readonly isChanged: boolean;
    }
  | { readonly kind: "failed"; readonly fault: Fault };

/**
 * Reads and stores one file. What goes wrong with the file is in the result. `storeQuickly` is tried before: what it answers is the result,
 * unless that is null.
 */
export function storeFile<Quick = never>(
  reader: ContentReader,
  file: FileToStore,
  storeQuickly: (fd: number) => Quick | null = () => null,
): Quick | StoredFile {
  let fd: number;
  try {
    fd = new Directory(file.directoryFd).openFile(file.name);
  } catch (error) {
    return { kind: "failed", fault: faultOf("open", error) };
  }
  try {
    return storeQuickly(fd) ?? storeOpenFile(fd, (stat) => reader.storeWhole(fd, lengthToRead(stat), file.sizes));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { kind: "failed", fault: faultOf("read", error) };
  } finally {
    closeSync(fd);
  }
}

function storeOpenFile(fd: number, store: (stat: FileStat) => StoredContent): StoredFile {
  let stat = statOf(fd);
  if (stat.type !== "file") return { kind: "failed", fault: changedTypeFault(stat) };
  let stored = store(stat);
  let after = statOf(fd);
  if (hasChanged(stat, after)) {
    stat = after;
    stored = store(stat);
    after = statOf(fd);
  }
  return {
    kind: "stored",
    ...stored,
    stat,
    metadata: readMetadata(fd, stat),
    isChanged: hasChanged(stat, after),
  };
}

/** What a node says of a file beside its stat and content. */
export function readMetadata(fd: number, stat: FileStat): FileMetadata {
  const { attributes, faults } = readExtendedAttributesOf(fd);
  return { attributes, faults, flags: readFileFlags(fd), isSparse: hasHoles(fd, stat) };
}

/** What a path's entry has become meanwhile. */
export function changedTypeFault(stat: StatFields): Fault {
  return { during: "open", message: `it was a file and is a ${stat.type} now`, code: "", isForbidden: false };
}

/** Whether a file was written to between two looks at it. */
export function hasChanged(before: StatFields, after: StatFields): boolean {
  return (
    before.size !== after.size ||
    before.mtimeNanoseconds !== after.mtimeNanoseconds ||
    before.mtimeSeconds !== after.mtimeSeconds ||
    before.ctimeNanoseconds !== after.ctimeNanoseconds ||
    before.ctimeSeconds !== after.ctimeSeconds
  );
}

/** Not further than its size now: a log that grows faster than we read would never end. Files of /proc say 0 and have content. */
function lengthToRead(stat: FileStat): number | null {
  return stat.size === 0 ? null : stat.size;
}

function hasHoles(fd: number, stat: FileStat): boolean {
  if (!mayHaveHoles(stat)) return false;
  const ranges = readDataRanges(fd, stat.size);
  return ranges.length !== 1 || ranges[0]?.length !== stat.size;
}
