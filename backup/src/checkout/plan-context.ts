import type { Selector } from "../archiver/walking/selection.ts";
import type { ByteString } from "../byte-string/index.ts";
import type { Directory, FileStat } from "../filesystem/index.ts";
import type { Repository } from "../repository/repository.ts";
import type { DirectoryHandles } from "../restorer/directory-handles.ts";
import { RestoreDirectory } from "../restorer/restore-directory.ts";
import type { TaskGroup } from "../restorer/task-group.ts";
import type { Node } from "../tree/index.ts";
import type { Kept } from "./decide-entry.ts";
import type { KeptVersions } from "./kept-versions.ts";
import type { LinkClaims } from "./link-claims.ts";
import type { PlannedChanges } from "./planned-changes.ts";
import type { Present, PresentContent } from "./present-content.ts";
import type { PlanCounter } from "./restore-plan.ts";

/** What planning a restore is made of. */
export interface PlanContext {
  readonly kind: "checkout" | "rollback" | "restore";
  readonly isForced: boolean;
  readonly repository: Pick<Repository, "loadTree" | "index">;
  readonly handles: DirectoryHandles;
  readonly tasks: TaskGroup;
  readonly content: PresentContent;
  readonly links: LinkClaims;
  /** Null: a rollback that is only looked at, whose safety snapshot is yet to be taken. */
  readonly versions: KeptVersions | null;
  /** What a backup of now would leave out; it is neither in a safety snapshot nor removed. */
  readonly selector: Selector;
  /** Paths that the snapshot could not read, so that their not being in it says nothing. */
  readonly unreadable: ReadonlySet<ByteString>;
  /** Neither changed nor removed, with all below them. */
  readonly except: ReadonlySet<ByteString>;
  readonly mayRemove: boolean;
  readonly counter: PlanCounter;
  readonly changes: PlannedChanges;
  readonly signal: AbortSignal;
  /** Lets others have a turn, now and then. */
  readonly breathe: () => Promise<void>;
}

export const leftOutReason = "the policy leaves it out, so the safety snapshot would not have it";

/** Whether what is there would be had again. `newest` is what the newest snapshot has at its path. */
export async function keptOf(context: PlanContext, present: Present, newest: Node | null): Promise<Kept> {
  if (context.kind === "rollback" && isLeftOut(context.selector, present)) {
    return { isKept: false, reason: leftOutReason };
  }
  if (context.kind === "restore") return { isKept: false, reason: "something else is there" };
  return (await context.versions?.isKept(present, newest)) ?? { isKept: true };
}

/** Whether a backup leaves an entry out for its path or size; a tag in its directory is another matter. */
export function isLeftOut(selector: Selector, { path, stat }: Present): boolean {
  return selector.isExcludedByPath(path) || selector.isExcludedByStat(stat);
}

/** A directory of the plan, opened, or imagined where it would be made. */
export function enterDirectory(
  { handles }: PlanContext,
  parent: RestoreDirectory | null,
  place: { readonly name: ByteString; readonly path: ByteString; readonly node: Node | null },
  opened: Directory | null,
): RestoreDirectory {
  const directory = new RestoreDirectory({ parent, ...place, isSelected: true, isOnTheWay: false });
  directory.isImagined = opened === null;
  if (opened !== null) {
    handles.add(directory, opened);
    // The root stays open: everything is opened from it.
    if (parent !== null) handles.unpin(directory);
  }
  return directory;
}

/** lstat of an entry of a directory; null when nothing is there. */
export function statIn({ handles }: PlanContext, directory: RestoreDirectory, name: ByteString): FileStat | null {
  return directory.isImagined ? null : handles.with(directory, (opened) => opened.statIfExists(name));
}
