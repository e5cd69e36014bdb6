import { readFile } from "node:fs/promises";
import { z } from "zod";
import { writeFileAtomically } from "../state-directory/index.ts";

/** How far a source has been read: a value for each of its parts (a file, a journal). What is in it only the source knows. */
export const SourceCheckpoint = z.record(z.string(), z.json());
export type SourceCheckpoint = z.infer<typeof SourceCheckpoint>;

/** What changed of a checkpoint; a part that is null is forgotten. */
export type CheckpointChange = SourceCheckpoint;

/** A source's checkpoint as `checkpoints.json` keeps it, and which chunks it has already in it. */
const KeptCheckpoint = z.object({
  /** Of this chunk and all before it. */
  sequence: z.number().int(),
  chunkId: z.string(),
  parts: SourceCheckpoint,
});
export type KeptCheckpoint = z.infer<typeof KeptCheckpoint>;

const CheckpointFile = z.object({ version: z.literal(1), sources: z.record(z.string(), KeptCheckpoint) });

/** Adds a change to a checkpoint. Pure but for `into`. */
export function changeCheckpoint(into: SourceCheckpoint, change: CheckpointChange): void {
  for (const [part, value] of Object.entries(change)) {
    if (value === null) delete into[part];
    else into[part] = value;
  }
}

/** Adds a change to a change: what is forgotten stays so until it is written down. Pure but for `into`. */
export function joinChanges(into: CheckpointChange, change: CheckpointChange): void {
  for (const [part, value] of Object.entries(change)) into[part] = value;
}

/** Reads the kept checkpoints; none when there is no file. Throws when it is damaged: reading everything again would be worse than to say so. */
export async function readCheckpoints(path: string): Promise<Map<string, KeptCheckpoint>> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return new Map();
    throw error;
  }
  return new Map(Object.entries(CheckpointFile.parse(JSON.parse(text)).sources));
}

/** Writes all checkpoints; they are on disk when it resolves. */
export async function writeCheckpoints(path: string, kept: ReadonlyMap<string, KeptCheckpoint>): Promise<void> {
  const file = { version: 1, sources: Object.fromEntries(kept) } satisfies z.infer<typeof CheckpointFile>;
  await writeFileAtomically(path, JSON.stringify(file), { mode: 0o600 });
}
