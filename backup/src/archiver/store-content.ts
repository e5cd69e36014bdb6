import { cwd } from "node:process";
import type { BlobType, Id } from "../blob/index.ts";
import { type ByteString, byteString, joinBytes } from "../byte-string/index.ts";
import { loadAccountNames, missingCapabilities } from "../filesystem/index.ts";
import { salvageBlobs, type Wanted } from "../healing/index.ts";
import { targetPackBytes } from "../pack/index.ts";
import type { Repository } from "../repository/index.ts";
import type { StoredSnapshot } from "../snapshot/index.ts";
import { defaultThreadCount } from "../worker-pool/index.ts";
import type { BackupOptions, CompressionMode } from "./backup-options.ts";
import { ItemErrors } from "./item-errors.ts";
import { programName } from "./program-name.ts";
import { ProgressMeter } from "./progress-meter.ts";
import { startScan } from "./scanning/start-scan.ts";
import { storeStreamSource } from "./store-stream-source.ts";
import type { AddedBlobs } from "./storing/pack-uploads.ts";
import { openStoreSession, type StoreSession } from "./storing/store-session.ts";
import { resolvePath } from "./walking/clean-path.ts";
import { ParentTrees } from "./walking/parent-trees.ts";
import { readTargetNames } from "./walking/read-target-names.ts";
import { createSelector } from "./walking/selection.ts";
import { planTargets } from "./walking/target-plan.ts";
import { noFigures, type WalkFigures } from "./walking/walk-figures.ts";
import { walkTargets } from "./walking/walk-targets.ts";

/** What was stored, durable and indexed. */
export interface ContentOutcome {
  /** Null when there is nothing in it. */
  readonly treeId: Id | null;
  readonly walk: WalkFigures;
  readonly added: Record<BlobType, AddedBlobs>;
  readonly errors: ItemErrors;
}

/** How long what was stored before a failure may take to be indexed. */
const salvageMs = 30_000;

/** Stores the content of a snapshot and its trees. When it fails, what is stored already is indexed first. */
export async function storeContent(
  repository: Repository,
  options: BackupOptions,
  from: { readonly parent: StoredSnapshot | null; readonly wanted: Wanted | null },
  lockSignal: AbortSignal,
): Promise<ContentOutcome> {
  const errors = new ItemErrors(options.onItemError);
  const meter = new ProgressMeter(options.onProgress, options.now, () => errors.count);
  const failed = new AbortController();
  const signal = AbortSignal.any([lockSignal, failed.signal]);
  const session = openStoreSession({
    repository,
    compressionLevel: compressionLevel(options.compression ?? "auto", repository.config.version),
    packSizeBytes: options.packSizeBytes ?? targetPackBytes,
    threads: options.threads ?? defaultThreadCount(),
    isDryRun: options.isDryRun === true,
    nowMs: options.now,
    onBytes: (bytes) => {
      meter.bytesDone += bytes;
    },
    onFailure: (reason) => failed.abort(reason),
    signal,
  });
  const walk = noFigures();
  try {
    const { source } = options;
    const { parent, wanted } = from;
    if (wanted !== null) await salvageInto(session, repository, wanted, signal);
    const treeId =
      source.kind === "paths"
        ? await storePaths(repository, { ...options, source }, { parent, session, errors, meter, walk, signal })
        : await storeStreamSource(repository, { ...options, source }, { session, meter, walk, signal });
    session.treeStorer.flush();
    meter.phase = "storing";
    await session.uploads.finish();
    meter.tell(true);
    return { treeId, walk, added: session.uploads.added, errors };
  } catch (error) {
    // When the lock is lost, somebody may have removed our packs already: an index of them would lie.
    const isLockLost = lockSignal.aborted && options.signal?.aborted !== true;
    if (!isLockLost) await session.uploads.salvage(AbortSignal.timeout(salvageMs));
    signal.throwIfAborted();
    throw error;
  } finally {
    await session.close();
  }
}

/** Stores what damaged packs still have, so that only the rest must be read from files again. */
async function salvageInto(
  session: StoreSession,
  repository: Repository,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<void> {
  await salvageBlobs(
    repository,
    wanted,
    async ({ type }, plaintext) => {
      if (type === "tree") session.treeStorer.storeBytes(plaintext);
      else await session.runJob({ kind: "bytes", bytes: plaintext, ends: [plaintext.length] });
    },
    signal,
  );
  // Indexed at once: the walk asks the index whether a file's blobs are there.
  await session.flushThreads();
  session.treeStorer.flush();
  await session.uploads.finish();
}

interface Run {
  readonly parent: StoredSnapshot | null;
  readonly session: StoreSession;
  readonly errors: ItemErrors;
  readonly meter: ProgressMeter;
  readonly walk: WalkFigures;
  readonly signal: AbortSignal;
}

/** Once for all files: on this platform their metadata cannot be read whole, so the backup is not whole either. */
function sayWhatIsMissing(errors: ItemErrors, path: ByteString): void {
  const missing = missingCapabilities();
  if (missing === null) return;
  const message = `extended attributes, ACLs, file flags and holes are not recorded, of this and all other files: ${missing.reason}`;
  errors.add(path, { during: "xattr", message, code: "", isForbidden: false });
}

type PathOptions = BackupOptions & { readonly source: Extract<BackupOptions["source"], { kind: "paths" }> };

async function storePaths(repository: Repository, options: PathOptions, run: Run): Promise<Id | null> {
  const { parent, errors, meter } = run;
  sayWhatIsMissing(errors, options.source.paths[0] ?? byteString("/"));
  const plan = planTargets(options.source.paths, readTargetNames);
  const stopScan = findTotals(options, parent, meter);
  try {
    return await walkPlan(repository, options, run, plan);
  } finally {
    await stopScan();
  }
}

/** A parent tells about how much there will be; without one it is counted, where anybody looks. */
function findTotals(options: PathOptions, parent: StoredSnapshot | null, meter: ProgressMeter): () => Promise<void> {
  const totals = parent?.summary;
  if (totals !== undefined) {
    meter.setTotals({ files: totals.total_files_processed, bytes: totals.total_bytes_processed, isKnown: false });
  }
  if (totals !== undefined || options.onProgress === undefined || options.noScan === true) return async () => {};
  const workingDirectory = byteString(cwd());
  const named = options.source.paths.map((path) => resolvePath(workingDirectory, path));
  // The root has no name by which it could be reached.
  const paths = named.flatMap((path) =>
    path === "/" ? readTargetNames(path).map((name) => joinBytes("/", name)) : [path],
  );
  return startScan(paths, options.exclude ?? {}, (found) => meter.setTotals(found));
}

async function walkPlan(
  repository: Repository,
  options: PathOptions,
  { parent, session, errors, meter, walk, signal }: Run,
  plan: ReturnType<typeof planTargets>,
): Promise<Id | null> {
  return await walkTargets(
    {
      plan,
      workingDirectory: byteString(cwd()),
      parentTree: parent?.tree ?? null,
      flushThreads: () => session.flushThreads(),
    },
    {
      index: repository.index,
      parentTrees: new ParentTrees(repository),
      lookAhead: options.lookAhead ?? null,
      intake: session.intake,
      treeStorer: session.treeStorer,
      pace: session,
      selector: createSelector(options.exclude ?? {}),
      nodeOptions: { accounts: loadAccountNames(), withAtime: options.withAtime === true },
      isParentComplete: parent?.program_version?.startsWith(programName) ?? false,
      change: { ignoreCtime: options.ignoreCtime === true, ignoreInode: options.ignoreInode === true },
      errors,
      figures: walk,
      meter,
      onItem: options.onItem,
      signal,
    },
  );
}

/** Of zstd; `max` is where more time stops making text much smaller. */
function compressionLevel(mode: CompressionMode, version: 1 | 2): number | null {
  if (version === 1 || mode === "off") return null;
  return mode === "max" ? 15 : 2;
}
