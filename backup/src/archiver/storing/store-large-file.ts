import { closeSync } from "node:fs";
import type { Id } from "../../blob/index.ts";
import { Directory, type FileStat, faultOf, statOf } from "../../filesystem/index.ts";
import type { RunStoreJob } from "./file-intake.ts";
import { changedTypeFault, type FileToStore, hasChanged, readMetadata, type StoredFile } from "./store-file.ts";
import type { StoreResult } from "./store-job.ts";

/** A thread looks for chunks in so much at once, while the others store what was found before. */
const pieceBytes = 64 * 1024 * 1024;
/** A thread stores about so much at once. */
const rangeBytes = 8 * 1024 * 1024;

/**
 * Stores a large file with all threads: its chunks are found in order by one job after the other (so they are those that cutting it in
 * one go would find), and stored in parallel. `mostAtOnce` bounds its jobs in the queue. What goes wrong with the file is in the result;
 * throws what the threads throw.
 */
export async function storeLargeFile(
  file: FileToStore,
  run: RunStoreJob,
  mostAtOnce: number,
  onBytes: (bytes: number) => void,
): Promise<StoredFile> {
  let fd: number;
  try {
    fd = new Directory(file.directoryFd).openFile(file.name);
  } catch (error) {
    return { kind: "failed", fault: faultOf("open", error) };
  }
  try {
    let stat = statOf(fd);
    if (stat.type !== "file") return { kind: "failed", fault: changedTypeFault(stat) };
    let stored = await storeContent(fd, stat, file, run, mostAtOnce, onBytes);
    let after = statOf(fd);
    if ("content" in stored && hasChanged(stat, after)) {
      stat = after;
      stored = await storeContent(fd, stat, file, run, mostAtOnce, () => {});
      after = statOf(fd);
    }
    if ("fault" in stored) return { kind: "failed", fault: stored.fault };
    return { kind: "stored", ...stored, stat, metadata: readMetadata(fd, stat), isChanged: hasChanged(stat, after) };
  } finally {
    closeSync(fd);
  }
}

type Fault = Extract<StoredFile, { kind: "failed" }>;

async function storeContent(
  fd: number,
  stat: FileStat,
  file: FileToStore,
  run: RunStoreJob,
  mostAtOnce: number,
  onBytes: (bytes: number) => void,
): Promise<{ readonly content: readonly Id[]; readonly size: number } | { readonly fault: Fault["fault"] }> {
  const parts: (readonly Id[])[] = [];
  const running = new Set<Promise<void>>();
  let size = 0;
  const outcome: { fault?: Fault["fault"]; thrown?: { readonly reason: unknown } } = {};

  const storeRange = async (start: number, ends: readonly number[], index: number) => {
    const result = await run({ kind: "ranges", fd, start, ends, sizes: file.sizes });
    if (isFault(result)) {
      outcome.fault ??= result.fault;
      return;
    }
    if (result.kind !== "content") throw new Error(`a job for content was answered with ${result.kind}`);
    parts[index] = result.content;
    size += result.size;
    onBytes(result.size);
  };

  const start = async (from: number, ends: readonly number[]) => {
    const job = storeRange(from, ends, parts.push([]) - 1)
      .catch((reason: unknown) => {
        outcome.thrown ??= { reason };
      })
      .finally(() => running.delete(job));
    running.add(job);
    while (running.size >= mostAtOnce) await Promise.race(running);
  };

  let boundary = 0;
  while (boundary < stat.size && outcome.fault === undefined && outcome.thrown === undefined) {
    const length = Math.min(pieceBytes, stat.size - boundary);
    const isLast = boundary + length >= stat.size;
    const cut = await run({ kind: "cut", fd, offset: boundary, length, isLast, sizes: file.sizes }, { isUrgent: true });
    if (isFault(cut)) {
      outcome.fault ??= cut.fault;
      break;
    }
    if (cut.kind !== "cut") throw new Error(`a job to cut was answered with ${cut.kind}`);
    for (const range of splitRanges(boundary, cut.ends)) await start(range.start, range.ends);
    const last = cut.ends.at(-1) ?? boundary;
    // The file is shorter now: nothing more to find.
    if (last === boundary || isLast) break;
    boundary = last;
  }
  await Promise.all(running);
  if (outcome.thrown !== undefined) throw outcome.thrown.reason;
  return outcome.fault === undefined ? { content: parts.flat(), size } : { fault: outcome.fault };
}

function isFault(result: StoreResult): result is Extract<StoreResult, { kind: "fault" }> {
  return result.kind === "fault";
}

/** Groups chunks into ranges that are worth a job. */
function splitRanges(start: number, ends: readonly number[]): { readonly start: number; readonly ends: number[] }[] {
  const ranges: { start: number; ends: number[] }[] = [];
  let from = start;
  let current: number[] = [];
  for (const end of ends) {
    current.push(end);
    if (end - from < rangeBytes) continue;
    ranges.push({ start: from, ends: current });
    from = end;
    current = [];
  }
  if (current.length > 0) ranges.push({ start: from, ends: current });
  return ranges;
}
