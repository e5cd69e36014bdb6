import { z } from "zod";
import type { LogPosition } from "../line-batch.ts";

/** Where one file was read to, and all that finds it again. */
export const FilePosition = z.object({
  /** The name in batches, by which the file was found first. */
  path: z.string(),
  /** Which of the files of this name it is: later ones have a greater number. */
  generation: z.number().int().min(0).default(0),
  /** Where it was seen last. */
  seenAt: z.string(),
  device: z.number(),
  inode: z.number(),
  headLength: z.number().int().min(0),
  headHash: z.string(),
  /** What is before the offset. */
  tailLength: z.number().int().min(0).default(0),
  tailHash: z.string().default(""),
  /** Bytes; of what is inside for compressed files. */
  offset: z.number().int().min(0),
  state: z.enum(["start", "skipping", "continued"]),
  /** Since when it is not to be found, by the wall clock; null while it is. */
  missingSinceMs: z.number().nullable().default(null),
});
export type FilePosition = z.infer<typeof FilePosition>;

/** The stream whose position says no more than that a source has been there before: files it did not know then are read whole. */
export const SOURCE_STREAM = "source";

/** Reads a kept position; null when it is none of a file. */
export function readFilePosition(position: LogPosition): FilePosition | null {
  const parsed = FilePosition.safeParse(position);
  return parsed.success ? parsed.data : null;
}

/** What the position of SOURCE_STREAM says. */
const SourcePosition = z.object({
  /** The globs that were looked for. */
  paths: z.array(z.string()),
  /** Where rotation puts the files of a directory, by the directory. */
  oldDirectories: z.record(z.string(), z.array(z.string())).default({}),
});
export type SourcePosition = z.infer<typeof SourcePosition>;

/** Reads the position of SOURCE_STREAM: that of a source that has looked for nothing, where there is none. */
export function readSourcePosition(position: LogPosition | undefined): SourcePosition {
  const parsed = SourcePosition.safeParse(position);
  return parsed.success ? parsed.data : { paths: [], oldDirectories: {} };
}
