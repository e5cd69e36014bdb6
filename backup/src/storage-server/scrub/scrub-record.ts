import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { writeFileDurably } from "../../durable-file/index.ts";
import { makeDirectory } from "../trash/trash.ts";

const Pass = z.object({
  startedAtMs: z.number(),
  finishedAtMs: z.number(),
  objects: z.number(),
  bytes: z.number(),
  bad: z.number(),
});
/** A whole pass over a repository. */
export type Pass = z.infer<typeof Pass>;

/** How far the scrub of a repository is. */
export const ScrubRecord = z.object({
  /** The pass under way: the object that was read last, and when it began. */
  current: z
    .object({ startedAtMs: z.number(), after: z.string(), objects: z.number(), bytes: z.number(), bad: z.number() })
    .nullable(),
  last: Pass.nullable(),
});
export type ScrubRecord = z.infer<typeof ScrubRecord>;

/** The record in a file; a pass that never began when there is none. */
export async function readScrubRecord(file: string): Promise<ScrubRecord> {
  try {
    const parsed = ScrubRecord.safeParse(JSON.parse(await readFile(file, "utf8")));
    if (parsed.success) return parsed.data;
  } catch {
    // None, or a damaged one: reading everything again does no harm.
  }
  return { current: null, last: null };
}

/** Writes the record down. */
export async function writeScrubRecord(file: string, record: ScrubRecord): Promise<void> {
  await makeDirectory(dirname(file));
  await writeFileDurably(file, Buffer.from(JSON.stringify(record)));
}
