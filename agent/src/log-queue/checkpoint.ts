import { readFile } from "node:fs/promises";
import { type Json, type JsonOf, readAny, readByName, readNumber, readObject, readText } from "../kept-json/index.ts";
import { writeFileAtomically } from "../state-directory/index.ts";

/** How far a source has been read: a value for each of its parts (a file, a journal). What is in it only the source knows. */
export type SourceCheckpoint = Record<string, Json>;
export const readSourceCheckpoint = readByName(readAny);

/** What changed of a checkpoint; a part that is null is forgotten. */
export type CheckpointChange = SourceCheckpoint;

/** A source's checkpoint as `checkpoints.json` keeps it, and which chunks it has already in it. */
const readKeptCheckpoint = readObject({
  /** Of this chunk and all before it. */
  sequence: readNumber,
  chunkId: readText,
  parts: readSourceCheckpoint,
});
export type KeptCheckpoint = JsonOf<typeof readKeptCheckpoint>;

const readCheckpointFile = readObject({ version: readVersion, sources: readByName(readKeptCheckpoint) });
type CheckpointFile = JsonOf<typeof readCheckpointFile>;

function readVersion(value: unknown): 1 {
  if (value === 1) return value;
  throw new Error("the checkpoints of logs are of another version");
}

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
  return new Map(Object.entries(readCheckpointFile(JSON.parse(text)).sources));
}

/** Writes all checkpoints; they are on disk when it resolves. */
export async function writeCheckpoints(path: string, kept: ReadonlyMap<string, KeptCheckpoint>): Promise<void> {
  const file = { version: 1, sources: Object.fromEntries(kept) } satisfies CheckpointFile;
  await writeFileAtomically(path, JSON.stringify(file), { mode: 0o600 });
}
