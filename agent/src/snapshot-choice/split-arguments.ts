import { CommandError } from "../command-line/index.ts";
import { isPathLike } from "./snapshot-path.ts";
import { parseSnapshotWord } from "./snapshot-word.ts";

/** `diff [A] [B] [PATH]`, told apart. */
export interface DiffArguments {
  readonly from: string;
  readonly to: string;
  readonly path: string | null;
}

/**
 * Tells `[A] [B] [PATH]` apart: the last word is a path when it looks like one or is no word for a snapshot. Without B it is `latest`, without
 * both the last two are compared. Throws CommandError. Pure.
 */
export function splitDiffArguments(words: readonly string[], nowMs: number): DiffArguments {
  const isSnapshot = (word: string) => !isPathLike(word) && parseSnapshotWord(word, nowMs) !== undefined;
  const count = words.findIndex((word) => !isSnapshot(word));
  const snapshots = count < 0 ? words : words.slice(0, count);
  const [path = null, surplus] = count < 0 ? [] : words.slice(count);
  if (surplus !== undefined || snapshots.length > 2) {
    throw new CommandError("usage", "write diff [A] [B] [PATH]: two snapshots at most, then one path");
  }
  const [from = "latest~1", to = "latest"] = snapshots;
  return { from, to, path };
}
