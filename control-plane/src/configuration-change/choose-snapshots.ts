import type { ViewSnapshot } from "@mycloud/protocol/snapshot-view";

/** The folders of configuration that a snapshot has, at least in part. Pure. */
export function coveredFolders({ paths }: Pick<ViewSnapshot, "paths">, folders: readonly string[]): string[] {
  return folders.filter((folder) => paths.some((path) => isBelow(folder, path) || isBelow(path, folder)));
}

function isBelow(path: string, folder: string): boolean {
  return folder === "/" || path === folder || path.startsWith(`${folder}/`);
}

/** The two snapshots to compare, or why there are none. */
export interface ChosenSnapshots {
  readonly from: ViewSnapshot | null;
  readonly to: ViewSnapshot | null;
  readonly message: string | null;
}

/**
 * The newest snapshot from when all was fine, and the first that shows the host with its problem; while there is none of those, the newest there is. Only
 * snapshots that have configuration count. Pure.
 */
export function chooseSnapshots(
  snapshots: readonly ViewSnapshot[],
  folders: readonly string[],
  { lastOkAtMs, startedAtMs }: { readonly lastOkAtMs: number | null; readonly startedAtMs: number },
): ChosenSnapshots {
  const able = snapshots
    .filter((snapshot) => coveredFolders(snapshot, folders).length > 0)
    .toSorted((a, b) => a.takenAtMs - b.takenAtMs);
  const fineAtMs = lastOkAtMs ?? startedAtMs;
  const from = able.findLast(({ takenAtMs }) => takenAtMs <= fineAtMs) ?? null;
  if (from === null) return { from, to: null, message: "No snapshot of the configuration is from before the problem." };
  const after = able.find(({ takenAtMs }) => takenAtMs >= startedAtMs);
  if (after !== undefined) return { from, to: after, message: null };
  const newest = able.at(-1);
  if (newest === undefined || newest.id === from.id) {
    return {
      from,
      to: null,
      message: "No snapshot has been taken since; after the next backup this shows what changed.",
    };
  }
  return {
    from,
    to: newest,
    message: "No snapshot is from after the problem began yet; this is what changed shortly before.",
  };
}
