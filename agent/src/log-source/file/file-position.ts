import {
  type JsonOf,
  readByName,
  readCount,
  readList,
  readNullable,
  readNumber,
  readObject,
  readOneOf,
  readOrNull,
  readText,
  readWithDefault,
} from "../../kept-json/index.ts";
import type { LogPosition } from "../line-batch.ts";

/** Where one file was read to, and all that finds it again. */
const parsePosition = readObject({
  /** The name in batches, by which the file was found first. */
  path: readText,
  /** Which of the files of this name it is: later ones have a greater number. */
  generation: readWithDefault(readCount, 0),
  /** Where it was seen last. */
  seenAt: readText,
  device: readNumber,
  inode: readNumber,
  bornAtMs: readWithDefault(readNumber, 0),
  headLength: readCount,
  headHash: readText,
  /** What is before the offset. */
  tailLength: readWithDefault(readCount, 0),
  tailHash: readWithDefault(readText, ""),
  /** Bytes; of what is inside for compressed files. */
  offset: readCount,
  state: readOneOf(["start", "skipping", "continued"]),
  /** Since when it is not to be found, by the wall clock; null while it is. */
  missingSinceMs: readWithDefault(readNullable(readNumber), null),
});
export type FilePosition = JsonOf<typeof parsePosition>;

/** The stream whose position says no more than that a source has been there before: files it did not know then are read whole. */
export const SOURCE_STREAM = "source";

/** Reads a kept position; null when it is none of a file. */
export function readFilePosition(position: LogPosition): FilePosition | null {
  return readOrNull(parsePosition, position);
}

/** What the position of SOURCE_STREAM says. */
const parseSourcePosition = readObject({
  /** The globs that were looked for. */
  paths: readList(readText),
  /** Where rotation puts the files of a directory, by the directory. */
  oldDirectories: readWithDefault(readByName(readList(readText)), {}),
});
export type SourcePosition = JsonOf<typeof parseSourcePosition>;

/** Reads the position of SOURCE_STREAM: that of a source that has looked for nothing, where there is none. */
export function readSourcePosition(position: LogPosition | undefined): SourcePosition {
  return readOrNull(parseSourcePosition, position) ?? { paths: [], oldDirectories: {} };
}
