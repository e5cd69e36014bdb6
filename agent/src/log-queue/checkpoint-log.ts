import { type FileHandle, open, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { syncDirectory } from "../state-directory/index.ts";
import { type CheckpointChange, joinChanges, type KeptCheckpoint } from "./checkpoint.ts";
import { firstLine, formatLine, type SourceLine, wholeLine } from "./checkpoint-lines.ts";

/**
 * The file of the kept checkpoints: all of them, and behind them what changed since. So a host of ten thousand logs writes what grew, not ten thousand
 * positions each time.
 */
export interface CheckpointLog {
  /** Notes what changed of a source; its rest is taken from what is kept. */
  note(source: string, change: CheckpointChange): void;
  /** Notes that a source is forgotten. */
  forget(source: string): void;
  /** Writes what was noted before; it is on disk when it resolves. When it fails it stays noted. One at a time. */
  write(): Promise<void>;
  close(): Promise<void>;
}

export interface CheckpointLogOptions {
  readonly path: string;
  readonly kept: ReadonlyMap<string, KeptCheckpoint>;
  /** Of changes, or twice what everything takes if that is more: then everything is written anew. */
  readonly changesBytes?: number;
}

interface Noted {
  readonly isAnew: boolean;
  readonly change: CheckpointChange;
}

/** Of a line: what is made at once of a source with many parts. */
const partsPerLine = 500;

/** Makes it; the first write writes everything, as nobody knows how the file that is there ends. */
export function createCheckpointLog({ path, kept, changesBytes = 1024 * 1024 }: CheckpointLogOptions): CheckpointLog {
  let file: FileHandle | undefined;
  let wholeBytes = 0;
  let length = 0;
  let noted = new Map<string, Noted>();

  function noteIn(into: Map<string, Noted>, source: string, { isAnew, change }: Noted): void {
    const before = into.get(source);
    if (before === undefined || isAnew) into.set(source, { isAnew, change: { ...change } });
    else joinChanges(before.change, change);
  }

  async function writeWhole(): Promise<void> {
    // What is kept goes on while this is written, by parts that are newer than the chunk that is named: its successors are still there to be read.
    const sources = [...kept].map(([source, { parts, ...upTo }]) => ({ source, parts, upTo }));
    const temporary = `${path}.tmp`;
    const next = await open(temporary, "w", 0o600);
    try {
      let end = await writeAt(next, 0, formatLine(firstLine));
      for (const { source, parts, upTo } of sources) {
        for (const line of linesOf(source, parts, false, upToOf(upTo)))
          end = await writeAt(next, end, formatLine(line));
      }
      end = await writeAt(next, end, formatLine(wholeLine));
      await next.datasync();
      await rename(temporary, path);
      await syncDirectory(dirname(path));
      await file?.close().catch(() => undefined);
      file = next;
      wholeBytes = end;
      length = end;
    } catch (error) {
      await next.close().catch(() => undefined);
      await unlink(temporary).catch(() => undefined);
      throw error;
    }
  }

  async function append(into: FileHandle, changes: ReadonlyMap<string, Noted>): Promise<void> {
    const lines = [...changes].map(([source, { isAnew, change }]) => {
      const now = kept.get(source);
      return linesOf(source, change, isAnew, now === undefined ? null : upToOf(now));
    });
    let end = length;
    try {
      for (const some of lines) for (const line of some) end = await writeAt(into, end, formatLine(line));
      await into.datasync();
      length = end;
    } catch (error) {
      await into.truncate(length).catch(() => undefined);
      throw error;
    }
  }

  return {
    note: (source, change) => noteIn(noted, source, { isAnew: false, change }),
    forget: (source) => noteIn(noted, source, { isAnew: true, change: {} }),
    async write() {
      const changes = noted;
      noted = new Map();
      try {
        const isLong = length - wholeBytes > Math.max(changesBytes, 2 * wholeBytes);
        if (file === undefined || isLong) await writeWhole();
        else if (changes.size > 0) await append(file, changes);
      } catch (error) {
        for (const [source, later] of noted) noteIn(changes, source, later);
        noted = changes;
        throw error;
      }
    },
    async close() {
      await file?.close();
      file = undefined;
    },
  };
}

function upToOf({ sequence, chunkId, unusedSinceMs }: Omit<KeptCheckpoint, "parts">): SourceLine["upTo"] {
  return { sequence, chunkId, unusedSinceMs };
}

/** Made one after another. The chunk is named by the last: a beginning of them does not claim what it has not. */
function* linesOf(
  source: string,
  parts: CheckpointChange,
  isAnew: boolean,
  upTo: SourceLine["upTo"],
): Generator<SourceLine> {
  const names = Object.keys(parts);
  for (let from = 0; from === 0 || from < names.length; from += partsPerLine) {
    const some: CheckpointChange = {};
    for (const name of names.slice(from, from + partsPerLine)) {
      const value = parts[name];
      if (value !== undefined) some[name] = value;
    }
    const isLast = from + partsPerLine >= names.length;
    yield { source, isAnew: isAnew && from === 0 ? "yes" : "no", parts: some, upTo: isLast ? upTo : null };
  }
}

/** Answers where it ends. */
async function writeAt(file: FileHandle, start: number, bytes: Buffer): Promise<number> {
  for (let at = 0; at < bytes.length; ) {
    at += (await file.write(bytes, at, bytes.length - at, start + at)).bytesWritten;
  }
  return start + bytes.length;
}
