import { dirname } from "node:path";
import type { LogPosition } from "../line-batch.ts";
import { type FilePosition, readFilePosition, readSourcePosition, SOURCE_STREAM } from "./file-position.ts";
import type { Following } from "./following.ts";
import { dropOutdated, learnDirectory } from "./locate.ts";
import { newTailedFile } from "./tailed-file.ts";

/**
 * Takes in what was kept: all generations are missing at first, and are found again by looking, whatever was done to them meanwhile. Nothing is looked at here, so that
 * nothing can change between this and the first look.
 */
export async function restoreFiles(
  following: Following,
  positions: Readonly<Record<string, LogPosition>>,
): Promise<void> {
  for (const [directory, old] of Object.entries(readSourcePosition(positions[SOURCE_STREAM]).oldDirectories)) {
    following.oldDirectories.set(directory, new Set(old));
  }
  const useless: string[] = [];
  const generations: [string, FilePosition][] = [];
  for (const [stream, kept] of Object.entries(positions)) {
    if (stream === SOURCE_STREAM || following.past.restore(stream, kept)) continue;
    const position = readFilePosition(kept);
    if (position === null) useless.push(stream);
    else generations.push([stream, position]);
  }
  for (const [stream, position] of generations) {
    following.unsettled.add(dirname(position.path));
    following.restoredNames.add(position.path);
    // What nothing was read of is a new one, wherever it is.
    if (position.offset === 0) {
      following.past.release(position.path, stream);
      useless.push(stream);
      continue;
    }
    const { path: name, device: dev, inode: ino, bornAtMs: birthtimeMs, offset } = position;
    const file = newTailedFile({
      stream,
      name,
      path: position.seenAt,
      stats: { dev, ino, birthtimeMs, size: offset },
      nowMs: following.monotonicMs(),
    });
    file.generation = position.generation;
    file.head = { length: position.headLength, hash: position.headHash };
    file.tail = { length: position.tailLength, hash: position.tailHash };
    file.offset = offset;
    file.state = position.state;
    file.missingSinceMs = position.missingSinceMs;
    file.isDrained = position.missingSinceMs !== null;
    learnDirectory(following, file, dirname(position.seenAt));
    following.files.miss(file);
  }
  const changes = [...useless.map((stream) => ({ stream, position: null })), ...dropOutdated(following)];
  if (changes.length > 0) await following.emitPositions(changes);
}
