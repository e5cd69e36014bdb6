import { type BackupSource, backUp } from "@mycloud/backup/archiver";
import { openBackend } from "@mycloud/backup/backend";
import { byteString } from "@mycloud/backup/byte-string";
import { BackupError, NotFoundError } from "@mycloud/backup/error";
import type { OnProgress } from "@mycloud/backup/progress";
import { initRepository, openRepository, type Repository } from "@mycloud/backup/repository";
import { listSnapshots, type StoredSnapshot } from "@mycloud/backup/snapshot";
import { type BackupDump, type BackupJob, dumpFileName } from "@mycloud/protocol/backup-policy";
import type { BackupRunError, RunFigures, RunSnapshot } from "@mycloud/protocol/backup-run";
import { ratesAt } from "../../backup-schedule/bandwidth.ts";
import { withDumpSource } from "./dump-source.ts";
import type { EngineProgress, EngineResult, EngineTask } from "./engine-message.ts";
import { exclusionsOf } from "./exclusions-of.ts";
import { followRun, messageOf, pathsSource, retain } from "./follow-run.ts";
import { createProgressRate } from "./progress-rate.ts";
import { addFigures, figuresOf } from "./run-figures.ts";

/** What the engine needs from outside. */
export interface EngineSurroundings {
  /** A token that is good for a while; asked again when one is refused. */
  readonly nextToken: () => Promise<string>;
  readonly onProgress: (progress: EngineProgress) => void;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Tags that say which run made a snapshot, and of what: so that one that is begun again after a crash knows what it has. */
const runTag = (runId: string) => `run=${runId}`;
const sourceTag = (source: string) => `source=${source}`;
const maximumErrors = 200;
/** Somebody may be pruning; that ends. */
const retryLockForMs = 10 * 60_000;

/** One of the things that a job backs up, each into a snapshot of its own. */
interface JobSource {
  readonly name: string;
  readonly dump: BackupDump | null;
}

/** Backs a job up: its paths and each of its dumps. A source that fails does not keep the others from being backed up. Throws the engine's errors when nothing can be done at all. */
export async function backUpJob(task: EngineTask, surroundings: EngineSurroundings): Promise<EngineResult> {
  const { job } = task;
  const { signal } = surroundings;
  const repository = await openOrInit(task, surroundings);
  try {
    const before = task.isResumed ? await findMade(repository, task.runId, signal) : new Map<string, StoredSnapshot>();
    const rate = createProgressRate();
    const onProgress: OnProgress = (progress) => surroundings.onProgress(rate.next(progress, performance.now()));
    const snapshots: RunSnapshot[] = [];
    const errors = task.mayPrune ? await retain(repository, task, surroundings) : [];
    const failures: string[] = [];
    let figures: RunFigures = {};
    let unreadableCount = 0;
    for (const source of sourcesOf(job)) {
      const own = before.get(source.name);
      if (own !== undefined) {
        snapshots.push({ id: own.id, source: source.name });
        if (own.summary !== undefined) figures = addFigures(figures, figuresOf(own.summary));
        unreadableCount += own.summary?.errors ?? 0;
        errors.push(...(own.summary?.error_items ?? []));
        continue;
      }
      try {
        const summary = await withSource(task, source, (backupSource) =>
          backUpSource(repository, task, source, backupSource, onProgress, surroundings),
        );
        if (summary.snapshotId !== null) snapshots.push({ id: summary.snapshotId, source: source.name });
        figures = addFigures(figures, { ...figuresOf(summary.figures), excludedItems: summary.excludedItems });
        unreadableCount += summary.errorCount;
        errors.push(...summary.itemErrors);
      } catch (error) {
        signal.throwIfAborted();
        // Whatever is wrong with the storage is wrong for the other sources too.
        if (error instanceof BackupError && isAboutStorage(error)) throw error;
        failures.push(`${source.name}: ${messageOf(error)}`);
      }
      rate.endSource();
    }
    const made = { snapshots, figures, unreadableCount, failures };
    const followed = await followRun(repository, task, snapshots, surroundings);
    return { ...made, ...followed, errors: [...errors, ...followed.errors].slice(0, maximumErrors).map(cut) };
  } finally {
    await repository.close();
    await repository.backend.close().catch(() => undefined);
  }
}

function sourcesOf({ paths, dumps }: BackupJob): JobSource[] {
  return [
    ...(paths.length > 0 ? [{ name: pathsSource, dump: null }] : []),
    ...dumps.map((dump) => ({ name: dumpFileName(dump), dump })),
  ];
}

async function withSource<Result>(
  { job, scratchDirectory }: EngineTask,
  { dump }: JobSource,
  work: (source: BackupSource) => Promise<Result>,
): Promise<Result> {
  if (dump !== null) return await withDumpSource(dump, scratchDirectory, work);
  return await work({ kind: "paths", paths: job.paths.map((path) => byteString(path)) });
}

function backUpSource(
  repository: Repository,
  { job, runId, hostName, programVersion }: EngineTask,
  { name }: JobSource,
  source: BackupSource,
  onProgress: OnProgress,
  { now, signal }: EngineSurroundings,
) {
  return backUp(repository, {
    source,
    hostname: hostName,
    now,
    tags: [runTag(runId), sourceTag(name)],
    programVersion,
    exclude: exclusionsOf(job),
    retryLockForMs,
    onProgress,
    signal,
  });
}

async function openOrInit(task: EngineTask, { nextToken, now, signal }: EngineSurroundings): Promise<Repository> {
  const { job, location, certificateAuthority, password, cacheDirectory } = task;
  const rates = () => ratesAt(job.bandwidth, job.schedule.timeZone, now());
  const isLimited = job.bandwidth.length > 0;
  const backend = await openBackend(location, {
    readCredentials: async () => ({ token: await nextToken() }),
    ...(certificateAuthority === null ? {} : { certificateAuthority }),
    ...(isLimited ? { uploadLimit: () => rates().upload, downloadLimit: () => rates().download } : {}),
  });
  try {
    return await openRepository(backend, password, { cacheDirectory, now, signal });
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    return await initRepository(backend, { password, now, signal });
  }
}

/** What a run has made before it was cut off, by its source. */
async function findMade(repository: Repository, runId: string, signal: AbortSignal) {
  const made = new Map<string, StoredSnapshot>();
  for (const snapshot of await listSnapshots(repository, { signal, onDamaged: () => undefined })) {
    if (!snapshot.tags?.includes(runTag(runId))) continue;
    const source = snapshot.tags.find((tag) => tag.startsWith(sourceTag("")));
    if (source !== undefined) made.set(source.slice(sourceTag("").length), snapshot);
  }
  return made;
}

const aboutSource = new Set(["MYCLOUD_BACKUP_INPUT", "MYCLOUD_BACKUP_COMMAND_FAILED"]);

function isAboutStorage({ code }: BackupError): boolean {
  return !aboutSource.has(code);
}

function cut({ item, during, message }: BackupRunError): BackupRunError {
  return { item: item.slice(0, 4096), during: during.slice(0, 64), message: message.slice(0, 2000) };
}
