import { readFile } from "node:fs/promises";
import {
  type Json,
  type JsonOf,
  readAny,
  readByName,
  readNullable,
  readNumber,
  readObject,
  readText,
  readWithDefault,
} from "../kept-json/index.ts";
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
  /** Since when no job is of this source, milliseconds since 1970; null while one is. */
  unusedSinceMs: readWithDefault(readNullable(readNumber), null),
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

/** So long a source without a job goes on where it was when its job comes back; then it is a new one. */
const unusedKeptForMs = 7 * 24 * 3_600_000;

/** Notes which sources have a job now, and which have none any more. Answers whether that has changed. Pure but for `kept`. */
export function noteUsed(kept: Map<string, KeptCheckpoint>, used: ReadonlySet<string>, nowMs: number): boolean {
  let isChanged = false;
  for (const [source, checkpoint] of kept) {
    const isUsed = used.has(source);
    if (isUsed === (checkpoint.unusedSinceMs === null)) continue;
    kept.set(source, { ...checkpoint, unusedSinceMs: isUsed ? null : nowMs });
    isChanged = true;
  }
  return isChanged;
}

/** Forgets, and answers, the sources of which there has been no job for a week. Pure but for `kept`. */
export function dropUnused(kept: Map<string, KeptCheckpoint>, nowMs: number): string[] {
  const dropped = [...kept].flatMap(([source, { unusedSinceMs }]) =>
    unusedSinceMs !== null && nowMs - unusedSinceMs >= unusedKeptForMs ? [source] : [],
  );
  for (const source of dropped) kept.delete(source);
  return dropped;
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
