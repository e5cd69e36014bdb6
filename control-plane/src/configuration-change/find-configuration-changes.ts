import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import type { ConfigurationChange, FileDiff } from "@mycloud/protocol/configuration-change";
import { EntryChange, type ViewSnapshot } from "@mycloud/protocol/snapshot-view";
import { NotFoundError } from "../error/index.ts";
import type { AskRepository } from "../snapshot-view/ask-repository.ts";
import { chooseSnapshots, coveredFolders } from "./choose-snapshots.ts";
import { mask } from "./mask.ts";
import { maskSecrets } from "./mask-secrets.ts";
import { narrowHunk } from "./narrow-hunks.ts";
import { readLines } from "./read-lines.ts";
import { isSecretFile } from "./secret-files.ts";

const mostChanges = 200;
const mostDiffs = 20;
const mostLinesOfDiff = 200;
/** What is looked at for secrets, so that a key or a block that begins further up is known for one; and what of it is shown. */
const contextLines = 300;
const shownContextLines = 3;

/** When the problem began, and when all was last fine. */
export interface ProblemTimes {
  readonly lastOkAtMs: number | null;
  readonly startedAtMs: number;
}

/** Compares the configuration, which lies in these folders, in one repository's snapshots around a problem. Throws what asking the repository throws. */
export async function findConfigurationChanges(
  ask: AskRepository,
  { id: repositoryId, policyName }: Pick<BackupRepository, "id" | "policyName">,
  folders: readonly string[],
  times: ProblemTimes,
  signal: AbortSignal,
): Promise<ConfigurationChange> {
  const { head } = await ask(repositoryId, { kind: "snapshots" }, { signal });
  const { from, to, message } = chooseSnapshots(head.snapshots, folders, times);
  const empty = { repositoryId, policyName, paths: [], changes: [], isTruncated: false, diffs: [] };
  if (from === null || to === null) return { ...empty, from: compared(from), to: compared(to), message };
  const paths = coveredFolders(from, folders).filter((folder) => coveredFolders(to, folders).includes(folder));
  const changes: EntryChange[] = [];
  let isTruncated = false;
  for (const path of paths) {
    const found = await compareFolder(ask, repositoryId, from, to, path, signal);
    changes.push(...found.lines);
    isTruncated ||= found.isTruncated;
  }
  const diffs: FileDiff[] = [];
  for (const { change, path, type } of changes) {
    if (change !== "modified" || type !== "file" || diffs.length >= mostDiffs) continue;
    diffs.push(await diffOf(ask, repositoryId, from, to, path, signal));
  }
  return {
    ...empty,
    paths,
    from: compared(from),
    to: compared(to),
    changes: changes.slice(0, mostChanges),
    isTruncated: isTruncated || changes.length > mostChanges,
    diffs,
    message,
  };
}

function compared(snapshot: ViewSnapshot | null) {
  return snapshot === null ? null : { snapshotId: snapshot.id, takenAtMs: snapshot.takenAtMs };
}

async function compareFolder(
  ask: AskRepository,
  repositoryId: number,
  from: ViewSnapshot,
  to: ViewSnapshot,
  path: string,
  signal: AbortSignal,
) {
  try {
    const between = { fromSnapshotId: from.id, toSnapshotId: to.id, path };
    const request = { kind: "compare", ...between, isMetadataShown: true, limit: mostChanges } as const;
    const { body } = await ask(repositoryId, request, { signal });
    return await readLines(body, EntryChange);
  } catch (error) {
    // A host need not have every folder that configuration may be in.
    if (error instanceof NotFoundError) return { lines: [], isTruncated: false };
    throw error;
  }
}

async function diffOf(
  ask: AskRepository,
  repositoryId: number,
  from: ViewSnapshot,
  to: ViewSnapshot,
  path: string,
  signal: AbortSignal,
): Promise<FileDiff> {
  const unshown = (refusal: string): FileDiff => ({ path, hunks: [], isMasked: false, refusal });
  if (isSecretFile(path)) return unshown("It holds secrets, so its lines are not shown.");
  const places = { fromSnapshotId: from.id, fromPath: path, toSnapshotId: to.id, toPath: path, contextLines };
  const { head } = await ask(repositoryId, { kind: "text-diff", ...places }, { signal });
  if (head.diff.refusal !== null) return unshown(head.diff.refusal);
  let isMasked = false;
  let left = mostLinesOfDiff;
  const hunks = head.diff.hunks.flatMap((hunk) => {
    const shown = { ...hunk, lines: maskSecrets(hunk.lines).lines };
    return narrowHunk(shown, shownContextLines).flatMap((part) => {
      if (left <= 0) return [];
      const lines = part.lines.slice(0, left);
      isMasked ||= lines.some((line) => line.includes(mask));
      left -= lines.length;
      return [{ ...part, lines }];
    });
  });
  return { path, hunks, isMasked, refusal: null };
}
