import { pieceOf, readHeadBytes } from "./file-head.ts";
import type { Following } from "./following.ts";
import { miss } from "./locate.ts";
import { addArrival } from "./look-at.ts";
import { newTailedFile, statsOf, type TailedFile } from "./tailed-file.ts";

/**
 * A followed file has another content than before: it was truncated, or its inode was used again. What is left to be read of the old content is looked for in
 * the copy that rotation made of it; then the new one is read from its beginning.
 */
export function truncated(following: Following, file: TailedFile): void {
  const wasCurrent = file.standing === "current";
  const { path, descriptor } = file;
  if (wasCurrent) file.descriptor = null;
  miss(following, file);
  // Under another name it is no log of its own: it is found among what rotation left.
  if (!wasCurrent) return;
  const anew = newTailedFile({
    stream: following.newStream(),
    name: path,
    path,
    stats: { ...statsOf(file), size: 0 },
    nowMs: following.monotonicMs(),
  });
  anew.descriptor = descriptor;
  if (descriptor !== null) anew.head = pieceOf(readHeadBytes(descriptor));
  following.openFiles.used(anew);
  following.files.add(anew);
  addArrival(following, anew);
  following.logger.info({ path, atBytes: file.offset }, "a log was truncated and is read from its beginning");
}
