import { type Json, readAny, readByName } from "../kept-json/index.ts";

/** How far a source has been read: a value for each of its parts (a file, a journal). What is in it only the source knows. */
export type SourceCheckpoint = Record<string, Json>;
export const readSourceCheckpoint = readByName(readAny);

/** What changed of a checkpoint; a part that is null is forgotten. */
export type CheckpointChange = SourceCheckpoint;

/** A source's checkpoint as it is kept, and which chunks it has already in it. */
export interface KeptCheckpoint {
  /** Of this chunk and all before it. */
  readonly sequence: number;
  readonly chunkId: string;
  readonly parts: SourceCheckpoint;
  /** Since when no job is of this source, milliseconds since 1970; null while one is. */
  readonly unusedSinceMs: number | null;
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

/** Notes which sources have a job now, and which have none any more. Answers of which that has changed. Pure but for `kept`. */
export function noteUsed(kept: Map<string, KeptCheckpoint>, used: ReadonlySet<string>, nowMs: number): string[] {
  const changed: string[] = [];
  for (const [source, checkpoint] of kept) {
    const isUsed = used.has(source);
    if (isUsed === (checkpoint.unusedSinceMs === null)) continue;
    kept.set(source, { ...checkpoint, unusedSinceMs: isUsed ? null : nowMs });
    changed.push(source);
  }
  return changed;
}

/** Forgets, and answers, the sources of which there has been no job for a week. Pure but for `kept`. */
export function dropUnused(kept: Map<string, KeptCheckpoint>, nowMs: number): string[] {
  const dropped = [...kept].flatMap(([source, { unusedSinceMs }]) =>
    unusedSinceMs !== null && nowMs - unusedSinceMs >= unusedKeptForMs ? [source] : [],
  );
  for (const source of dropped) kept.delete(source);
  return dropped;
}
