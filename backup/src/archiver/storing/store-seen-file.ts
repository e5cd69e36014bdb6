import type { Id } from "../../blob/index.ts";
import { joinBytes } from "../../byte-string/index.ts";
import { normalSizes } from "../../chunker/index.ts";
import { type FileStat, hasPlainMetadata, mayHaveHoles, StatNumbers } from "../../filesystem/index.ts";
import type { ContentReader } from "./file-content.ts";
import { isSystemError } from "./is-system-error.ts";

/** What the walk saw of files, so many numbers for each. */
export const seenNumbers = 6;

const noName = joinBytes("");

/** What would differ had the file been touched or replaced since: ctime cannot be set. */
export function encodeSeen(stat: FileStat): readonly number[] {
  const { ctimeSeconds, ctimeNanoseconds, mtimeSeconds, mtimeNanoseconds, inode } = stat;
  return [quickBytes(stat), ctimeSeconds, ctimeNanoseconds, mtimeSeconds, mtimeNanoseconds, Number(inode)];
}

/** Its size when it may be stored the quick way, else 0: it is one chunk for certain, and its size is what there is to read. */
function quickBytes(stat: FileStat): number {
  return stat.size > normalSizes.minimum || mayHaveHoles(stat) ? 0 : stat.size;
}

/**
 * Stores ordinary files, which most are: small, without attributes, flags or holes, and as the walk saw them. One look at each, after it
 * was read, says so. The returned function gives the id of the file's only chunk; null when it is no such file, and nothing is known of it.
 */
export function createSeenFileStorer(
  reader: Pick<ContentReader, "storeDense">,
): (fd: number, seen: Float64Array, at: number) => Id | null {
  const stat = new StatNumbers();

  const isAsSeen = (fd: number, seen: Float64Array, at: number) =>
    stat.lookAt(fd, noName) &&
    stat.type === "file" &&
    stat.size === seen[at] &&
    stat.ctimeSeconds === seen[at + 1] &&
    stat.ctimeNanoseconds === seen[at + 2] &&
    stat.mtimeSeconds === seen[at + 3] &&
    stat.mtimeNanoseconds === seen[at + 4] &&
    stat.inode === seen[at + 5];

  return (fd, seen, at) => {
    const size = seen[at] ?? 0;
    if (size === 0 || !hasPlainMetadata(fd)) return null;
    try {
      const { content } = reader.storeDense(fd, size);
      const [id] = content;
      return content.length === 1 && id !== undefined && isAsSeen(fd, seen, at) ? id : null;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      return null;
    }
  };
}
