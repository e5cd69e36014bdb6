import { cwd } from "node:process";
import { adoptPacks } from "../adoption/index.ts";
import { type ByteString, byteString } from "../byte-string/index.ts";
import { InputError } from "../error/index.ts";
import { findWanted, finishHealing, type Wanted } from "../healing/index.ts";
import { withLock } from "../lock/index.ts";
import type { Repository } from "../repository/index.ts";
import { saveSnapshot } from "../snapshot/save-snapshot.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { instantText, localInstantText } from "../tree/index.ts";
import type { BackupOptions } from "./backup-options.ts";
import type { BackupSummary } from "./backup-summary.ts";
import { findParent, snapshotPathText } from "./choose-parent.ts";
import { programName } from "./program-name.ts";
import { type ContentOutcome, storeContent } from "./store-content.ts";
import { resolvePath } from "./walking/clean-path.ts";

/**
 * Makes a snapshot. Takes a shared lock, loads the index, heals packs the server wants again. Files that cannot be read are named in the
 * summary and do not stop it.
 * Throws InputError (no such path, bad pattern), NotFoundError (no such parent), CommandFailedError, LockedError, NotAllowedError,
 * OutOfSpaceError, UnavailableError, and the signal's reason; no snapshot is made then.
 */
export async function backUp(repository: Repository, options: BackupOptions): Promise<BackupSummary> {
  const signal = options.signal ?? new AbortController().signal;
  if (options.isDryRun === true) return (await run(repository, options, signal)).summary;
  const lock = { retryForMs: options.retryLockForMs, now: options.now, signal };
  const { summary, wanted } = await withLock(
    repository,
    { ...lock, isExclusive: false, startsEarly: true },
    (lockSignal) => run(repository, options, lockSignal),
  );
  if (wanted === null) return summary;
  return { ...summary, healing: await finishHealing(repository, wanted, lock) };
}

async function run(
  repository: Repository,
  options: BackupOptions,
  signal: AbortSignal,
): Promise<{ readonly summary: BackupSummary; readonly wanted: Wanted | null }> {
  const startedAtMs = options.now();
  const identity = {
    hostname: options.hostname,
    paths: [...absolutePaths(options), ...(options.absentPaths ?? [])].map(snapshotPathText),
    tags: [...(options.tags ?? [])],
  };
  const choice = options.source.kind === "paths" ? (options.parent ?? { kind: "newest" }) : { kind: "none" as const };
  // The disk can list packs while this thread reads the index.
  const packs = options.isDryRun === true ? null : repository.backend.list("data", signal);
  packs?.catch(() => undefined);
  // Snapshots before the index: what a snapshot refers to is indexed before it is there.
  const parent = await findParent(repository, choice, identity, options.timeMs ?? null, signal);
  await repository.loadIndex(signal);
  if (packs !== null) await adoptPacks(repository, options.now, signal, packs);
  const wanted = options.isDryRun === true ? null : await findWanted(repository, signal);
  const outcome = await storeContent(repository, options, { parent, wanted }, signal);
  if (outcome.treeId === null)
    throw new InputError("the snapshot would be empty: nothing that was named is there, or all of it is excluded");
  const figures = figuresOf(outcome, startedAtMs, options.now());
  const snapshot: Snapshot = {
    time: localInstantText(options.timeMs ?? startedAtMs),
    ...(parent === null ? {} : { parent: parent.id }),
    tree: outcome.treeId,
    paths: identity.paths,
    hostname: identity.hostname,
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
    ...excludesOf(options),
    ...(identity.tags.length === 0 ? {} : { tags: identity.tags }),
    program_version: options.programVersion ?? programName,
    summary: figures,
  };
  const isSkipped = options.isDryRun === true || (options.skipIfUnchanged === true && parent?.tree === outcome.treeId);
  const summary: BackupSummary = {
    snapshotId: isSkipped ? null : await saveSnapshot(repository, snapshot, signal),
    parentId: parent?.id ?? null,
    treeId: outcome.treeId,
    figures,
    excludedItems: outcome.walk.excluded,
    sockets: outcome.walk.sockets,
    errorCount: outcome.errors.count,
    itemErrors: outcome.errors.named,
    isIncomplete: outcome.errors.isIncomplete,
    healing: null,
    durationMs: options.now() - startedAtMs,
  };
  return { summary, wanted };
}

/** What the snapshot says was backed up. */
function absolutePaths({ source }: BackupOptions): ByteString[] {
  if (source.kind !== "paths") return [resolvePath(byteString("/"), source.fileName)];
  const workingDirectory = byteString(cwd());
  return source.paths.map((path) => resolvePath(workingDirectory, path));
}

function excludesOf({ exclude }: BackupOptions): Pick<Snapshot, "excludes"> {
  const patterns = [...(exclude?.patterns ?? []), ...(exclude?.caseInsensitivePatterns ?? [])];
  return patterns.length === 0 ? {} : { excludes: patterns.map(snapshotPathText) };
}

function instantOfMs(ms: number): string {
  return instantText(BigInt(Math.round(ms)) * 1_000_000n);
}

function figuresOf({ walk, added, errors }: ContentOutcome, startMs: number, endMs: number): BackupSummary["figures"] {
  return {
    backup_start: instantOfMs(startMs),
    backup_end: instantOfMs(endMs),
    files_new: walk.filesNew,
    files_changed: walk.filesChanged,
    files_unmodified: walk.filesUnmodified,
    dirs_new: walk.dirsNew,
    dirs_changed: walk.dirsChanged,
    dirs_unmodified: walk.dirsUnmodified,
    data_blobs: added.data.blobs,
    tree_blobs: added.tree.blobs,
    data_added: added.data.bytes + added.tree.bytes,
    data_added_packed: added.data.packedBytes + added.tree.packedBytes,
    total_files_processed: walk.files,
    total_bytes_processed: walk.bytes,
    ...(errors.count === 0 ? {} : { errors: errors.count, error_items: errors.named.slice(0, 100) }),
  };
}
