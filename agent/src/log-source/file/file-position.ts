import { z } from "zod";
import type { LogPosition } from "../line-batch.ts";

/** Where one file was read to, and all that finds it again. */
export const FilePosition = z.object({
  /** The name in batches, by which the file was found first. */
  path: z.string(),
  /** Where it was seen last. */
  seenAt: z.string(),
  device: z.number(),
  inode: z.number(),
  headLength: z.number().int().min(0),
  headHash: z.string(),
  /** Bytes; of what is inside for compressed files. */
  offset: z.number().int().min(0),
  state: z.enum(["start", "skipping", "continued"]),
});
export type FilePosition = z.infer<typeof FilePosition>;

/** The stream whose position says no more than that a source has been there before: files it did not know then are read whole. */
export const SOURCE_STREAM = "source";

/** Reads a kept position; null when it is none of a file. */
export function readFilePosition(position: LogPosition): FilePosition | null {
  const parsed = FilePosition.safeParse(position);
  return parsed.success ? parsed.data : null;
}
