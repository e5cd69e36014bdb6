import type { ViewSnapshot } from "@mycloud/protocol/snapshot-view";
import { CommandError } from "../command-line/index.ts";
import { formatLocalTime } from "./local-time.ts";
import { parseSnapshotWord } from "./snapshot-word.ts";

/** What of a snapshot decides which one is meant. */
export type Choosable = Pick<ViewSnapshot, "id" | "takenAtMs" | "paths" | "tags">;

/**
 * The snapshot that a word means (see parseSnapshotWord). `latest` and times count snapshots of files: the dumps of databases that a run makes
 * beside them only when `path` lies in one. Throws CommandError that says what there is. Pure but for the time zone.
 *
 * @param snapshots oldest first
 */
export function chooseSnapshot<Chosen extends Choosable>(
  snapshots: readonly Chosen[],
  text: string,
  path: string | null,
  nowMs: number,
): Chosen {
  const word = parseSnapshotWord(text, nowMs);
  if (word === undefined) {
    throw new CommandError(
      "usage",
      `"${text}" is no snapshot; write latest, latest~1, the beginning of an id, or a time such as yesterday or 2026-11-22T20:15`,
    );
  }
  if (snapshots.length === 0) throw new CommandError("notFound", "there is no snapshot yet; mycloud sync makes one");
  if (word.kind === "id") return byId(snapshots, word.beginning, text);
  const counted = countedSnapshots(snapshots, path);
  if (word.kind === "latest") {
    const chosen = counted.at(-1 - word.back);
    if (chosen !== undefined) return chosen;
    throw new CommandError(
      "notFound",
      `there is no ${text}: ${counted.length === 1 ? "there is one snapshot" : `there are ${counted.length} snapshots`}`,
    );
  }
  const chosen = counted.findLast(({ takenAtMs }) => takenAtMs <= word.atMs);
  if (chosen !== undefined) return chosen;
  const [oldest] = counted;
  const since = oldest === undefined ? "" : `; the oldest is of ${formatLocalTime(oldest.takenAtMs)}`;
  throw new CommandError("notFound", `no snapshot was taken by ${formatLocalTime(word.atMs)}${since}`);
}

function byId<Chosen extends Choosable>(snapshots: readonly Chosen[], beginning: string, text: string): Chosen {
  const [found, other] = snapshots.filter(({ id }) => id.startsWith(beginning));
  if (found === undefined) {
    throw new CommandError("notFound", `no snapshot's id begins with ${text}; mycloud log shows them`);
  }
  if (other === undefined) return found;
  throw new CommandError("usage", `several snapshots' ids begin with ${text}; write more of it`);
}

/** Those that `latest` and times count. Pure. */
export function countedSnapshots<Chosen extends Choosable>(
  snapshots: readonly Chosen[],
  path: string | null,
): Chosen[] {
  const withPath = path === null || path === "/" ? [] : snapshots.filter((snapshot) => isCovered(snapshot, path));
  if (withPath.length > 0) return withPath;
  const ofFiles = snapshots.filter((snapshot) => !isDump(snapshot));
  return ofFiles.length > 0 ? ofFiles : [...snapshots];
}

/** Whether a run made it of a database and not of files. Pure. */
export function isDump({ tags }: Pick<Choosable, "tags">): boolean {
  return tags.some((tag) => tag.startsWith("source=") && tag !== "source=paths");
}

function isCovered({ paths }: Choosable, path: string): boolean {
  return paths.some((covered) => isBelow(path, covered) || isBelow(covered, path));
}

/** Whether a path is this folder or lies in it. Pure. */
export function isBelow(path: string, folder: string): boolean {
  return path === folder || folder === "/" || path.startsWith(`${folder}/`);
}
