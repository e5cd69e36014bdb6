import type { Exclusions } from "@mycloud/backup/archiver";
import { openBackend } from "@mycloud/backup/backend";
import { byteString } from "@mycloud/backup/byte-string";
import {
  type CarriedOut,
  carryOut,
  findSafety,
  isEmptyPlan,
  type PlannedRestore,
  planRestore,
  takeSafetySnapshot,
  touchesPresent,
  unreadableIn,
} from "@mycloud/backup/checkout";
import { BackupError, NotFoundError } from "@mycloud/backup/error";
import { withLock } from "@mycloud/backup/lock";
import { openRepository, type Repository } from "@mycloud/backup/repository";
import { listSnapshots, type StoredSnapshot } from "@mycloud/backup/snapshot";
import type { TaskTools } from "@mycloud/backup/task-process";
import type { BackupRunError } from "@mycloud/protocol/backup-run";
import { exclusionsOf } from "../../backup-job/engine/exclusions-of.ts";
import { ratesAt } from "../../backup-schedule/bandwidth.ts";
import { realPlace } from "./allowed-roots.ts";
import { assertAllowed, type ChosenSnapshot, chooseSnapshot, RestoreRefusal, textOf } from "./chosen-snapshot.ts";
import { RestoreFigures } from "./restore-figures.ts";
import type { RestoreEngineProgress, RestoreResult, RestoreTask } from "./restore-message.ts";
import { toldPlan } from "./told-plan.ts";

type Tools = TaskTools<RestoreEngineProgress>;

/** Somebody may be pruning; that ends. */
const retryLockForMs = 10 * 60_000;
const maximumErrors = 200;

/** Plans and carries out what was asked for. What goes wrong with single entries is in the result. Throws the repository's errors. */
export async function bringBack(task: RestoreTask, tools: Tools): Promise<RestoreResult> {
  const figures = new RestoreFigures();
  tools.onProgress(figures.before("planning", null));
  const repository = await open(task, tools);
  try {
    const lock = { isExclusive: false, retryForMs: retryLockForMs, now: tools.now, signal: tools.signal };
    return await withLock(repository, lock, async (signal) => {
      const own = { ...tools, signal };
      const chosen = await chooseSnapshot(repository, task.request, signal);
      await assertAllowed(task.request, chosen.paths, task);
      await repository.loadIndex(signal);
      if (task.request.kind === "rollback") return await rollBack(repository, task, chosen, figures, own);
      return await bring(repository, task, chosen, figures, own);
    });
  } catch (error) {
    const isFinal = error instanceof RestoreRefusal || (error instanceof BackupError && !error.isRetryable);
    if (tools.signal.aborted || !isFinal) throw error;
    return figures.end("failed", withDone(error.message, figures));
  } finally {
    await repository.close();
    await repository.backend.close().catch(() => undefined);
  }
}

/** A checkout or a restore elsewhere. With conflicts nothing at all is written, unless they are forced. */
async function bring(
  repository: Repository,
  task: RestoreTask,
  chosen: ChosenSnapshot,
  figures: RestoreFigures,
  tools: Tools,
): Promise<RestoreResult> {
  const { request } = task;
  const planned = await plan(repository, task, chosen, chosen.snapshots, tools);
  figures.plan = toldPlan(planned.figures);
  const { conflicts } = planned.figures;
  if (request.isDryRun) return figures.end("planned", null);
  if (conflicts > 0 && !request.isForced) {
    return figures.end("conflicts", `nothing was written: ${conflicts} ${conflicts === 1 ? "conflict" : "conflicts"}`);
  }
  return await carry(repository, task, chosen, planned, figures, tools);
}

/** Nothing is changed or removed that the safety snapshot does not have. */
async function rollBack(
  repository: Repository,
  task: RestoreTask,
  chosen: ChosenSnapshot,
  figures: RestoreFigures,
  tools: Tools,
): Promise<RestoreResult> {
  const preview = await plan(repository, task, chosen, "assumed", tools);
  figures.plan = toldPlan(preview.figures);
  if (task.request.isDryRun) return figures.end("planned", null);
  const before = findSafety(chosen.snapshots, runTagOf(task));
  figures.safetySnapshotId = before?.id ?? null;
  if (isEmptyPlan(preview.figures)) return figures.end("done", "everything is as in the snapshot already");
  tools.onProgress(figures.before("safety-snapshot", null));
  const safety = before ?? (await takeSafety(repository, task, chosen, preview, figures, tools));
  const isNeeded = touchesPresent(preview.figures);
  const [unread] = safety === null ? [] : unreadableIn(safety);
  if (isNeeded && unread !== undefined) {
    const words = `the safety snapshot could not read ${unread.item} (${unread.message}); nothing was changed`;
    return figures.end("failed", words);
  }
  const planned = await plan(repository, task, chosen, safety === null ? [] : [safety], tools);
  return await carry(repository, task, chosen, planned, figures, tools);
}

/** Durable when this resolves. Null when nothing is there that could be lost. */
async function takeSafety(
  repository: Repository,
  task: RestoreTask,
  { paths, snapshots, snapshot }: ChosenSnapshot,
  preview: PlannedRestore,
  figures: RestoreFigures,
  tools: Tools,
): Promise<StoredSnapshot | null> {
  try {
    const safety = await takeSafetySnapshot(repository, {
      paths,
      hostname: task.hostName,
      runTag: runTagOf(task),
      programVersion: task.programVersion,
      exclude: excludeOf(task, snapshot),
      others: snapshots,
      retryLockForMs,
      now: tools.now,
      onProgress: ({ current }) => tools.onProgress(figures.before("safety-snapshot", current[0] ?? null)),
      signal: tools.signal,
    });
    if (safety === null) return null;
    figures.safetySnapshotId = safety.id;
    const stored = (await listSnapshots(repository, { signal: tools.signal })).find(({ id }) => id === safety.id);
    // What it is made of is found by the new index files.
    await repository.loadIndex(tools.signal);
    if (stored === undefined) throw new NotFoundError(`the safety snapshot ${safety.id.slice(0, 8)} vanished`);
    return stored;
  } catch (error) {
    tools.signal.throwIfAborted();
    if (error instanceof BackupError && error.isRetryable) throw error;
    if (!touchesPresent(preview.figures)) return null;
    const words = error instanceof Error ? error.message : String(error);
    throw new RestoreRefusal(`no safety snapshot could be made (${words}); nothing was changed`, { cause: error });
  }
}

async function plan(
  repository: Repository,
  task: RestoreTask,
  { snapshot, paths }: ChosenSnapshot,
  others: readonly StoredSnapshot[] | "assumed",
  { signal }: Tools,
): Promise<PlannedRestore> {
  const { kind, isForced } = task.request;
  const exclude = excludeOf(task, snapshot);
  return planRestore(repository, {
    kind,
    snapshot,
    paths,
    target: targetOf(task),
    isForced: isForced && kind !== "rollback",
    others,
    exclude,
    except: await exceptOf(task),
    signal,
  });
}

/** In place, the agent's own files stay as they are; elsewhere they are files like any other. */
async function exceptOf({ request, stateDirectory }: RestoreTask) {
  return request.kind === "restore" ? [] : [byteString(await realPlace(stateDirectory))];
}

async function carry(
  repository: Repository,
  task: RestoreTask,
  { snapshot, paths }: ChosenSnapshot,
  planned: PlannedRestore,
  figures: RestoreFigures,
  tools: Tools,
): Promise<RestoreResult> {
  figures.begin(planned.figures);
  const carried = await carryOut(repository, planned, {
    kind: task.request.kind,
    snapshot,
    paths,
    target: targetOf(task),
    except: await exceptOf(task),
    onDone: () => figures.filesDone++,
    onProgress: (progress) => tools.onProgress(figures.restoring(progress)),
    signal: tools.signal,
  });
  figures.filesDone = carried.done;
  figures.bytesDone = carried.bytesWritten;
  figures.errorCount = carried.errorCount;
  return figures.end("done", wordsOf(carried), carried.errors.slice(0, maximumErrors).map(cut));
}

async function open(task: RestoreTask, { nextToken, now, signal }: Tools): Promise<Repository> {
  const { location, certificateAuthority, password, cacheDirectory, job } = task;
  const isLimited = job !== null && job.bandwidth.length > 0;
  const rates = () => ratesAt(job?.bandwidth ?? [], job?.schedule.timeZone ?? "UTC", now());
  const backend = await openBackend(location, {
    readCredentials: async () => ({ token: await nextToken() }),
    ...(certificateAuthority === null ? {} : { certificateAuthority }),
    ...(isLimited ? { uploadLimit: () => rates().upload, downloadLimit: () => rates().download } : {}),
  });
  return await openRepository(backend, password, { cacheDirectory, now, signal });
}

/** What the policy leaves out now, and what was left out when the snapshot was taken: neither is missing in it because it was not there. */
function excludeOf({ job }: RestoreTask, { excludes }: StoredSnapshot): Exclusions {
  const now = job === null ? {} : exclusionsOf(job);
  return { ...now, patterns: [...(now.patterns ?? []), ...(excludes ?? []).map((text) => byteString(text))] };
}

function targetOf({ request }: RestoreTask): string {
  return request.targetDirectory === null ? "/" : textOf(request.targetDirectory);
}

function runTagOf({ runId }: RestoreTask): string {
  return `run=${runId}`;
}

function wordsOf({ errorCount, notices }: CarriedOut): string | null {
  const words = [
    ...(errorCount > 0
      ? [`${errorCount} ${errorCount === 1 ? "entry is" : "entries are"} not as in the snapshot`]
      : []),
    ...notices.map(({ message, count, example }) => `${message}: ${count}, for example ${example}`),
  ];
  return words.length === 0 ? null : words.join("; ").slice(0, 4000);
}

function withDone(message: string, { filesDone, filesTotal }: RestoreFigures): string {
  const done = filesDone > 0 ? `; ${filesDone} of ${filesTotal} were done before, each of them whole` : "";
  return `${message}${done}`.slice(0, 4000);
}

function cut({ item, during, message }: BackupRunError): BackupRunError {
  return { item: item.slice(0, 4096), during: during.slice(0, 64), message: message.slice(0, 2000) };
}
