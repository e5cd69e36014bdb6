import { runDrill } from "@mycloud/backup/drill";
import { forget } from "@mycloud/backup/forget";
import { prune } from "@mycloud/backup/prune";
import type { Repository } from "@mycloud/backup/repository";
import { retentionPolicyOf } from "@mycloud/backup/retention";
import { listSnapshots } from "@mycloud/backup/snapshot";
import type { BackupDrill } from "@mycloud/protocol/backup-drill";
import type { BackupRunError, RunSnapshot } from "@mycloud/protocol/backup-run";
import type { EngineResult, EngineTask } from "./engine-message.ts";
import { measureRun } from "./measure-run.ts";

/** What the snapshot of a job's paths is called among its sources. */
export const pathsSource = "paths";

/** Somebody may be reading; that ends. */
const retryLockForMs = 60_000;

/**
 * What comes after the snapshots: how the one of the paths differs from the one before, and a trial restore when one is due. The snapshots
 * stand whatever happens here, so a failure is told and fails nothing.
 */
export async function followRun(
  repository: Repository,
  task: EngineTask,
  snapshots: readonly RunSnapshot[],
  { now, signal }: { readonly now: () => number; readonly signal: AbortSignal },
): Promise<Pick<EngineResult, "change" | "drill" | "errors">> {
  const errors: BackupRunError[] = [];
  const ofPaths = snapshots.find(({ source }) => source === pathsSource) ?? null;
  const attempt = async <Result>(during: string, work: () => Promise<Result>): Promise<Result | null> => {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      errors.push({ item: ofPaths?.source ?? task.job.policyName, during, message: messageOf(error) });
      return null;
    }
  };
  const change =
    ofPaths === null
      ? null
      : await attempt("comparing", () => measureRun(repository, ofPaths.id, task.job.canaries, signal));
  const newest = ofPaths ?? snapshots[0] ?? null;
  const drill =
    newest === null || task.drill === null
      ? null
      : await attempt("drill", () => drillOf(repository, task, newest, now, signal));
  return { change, drill, errors };
}

/**
 * Forgets and prunes by the job's retention, where this host has the only key. Before the backup: so nothing is removed because of a change that
 * nobody has judged yet. Answers what went wrong; the backup is made all the same.
 */
export async function retain(
  repository: Repository,
  { job }: EngineTask,
  { now, signal }: { readonly now: () => number; readonly signal: AbortSignal },
): Promise<BackupRunError[]> {
  try {
    const what = { policy: retentionPolicyOf(job.retention) };
    await forget(repository, { what, nowMs: now(), retryForMs: retryLockForMs, signal });
    await prune(repository, { nowMs: now, retryForMs: retryLockForMs, signal });
    return [];
  } catch (error) {
    signal.throwIfAborted();
    return [{ item: job.policyName, during: "retention", message: messageOf(error) }];
  }
}

async function drillOf(
  repository: Repository,
  { drill: order, scratchDirectory }: EngineTask,
  { id }: RunSnapshot,
  now: () => number,
  signal: AbortSignal,
): Promise<BackupDrill | null> {
  const snapshots = await listSnapshots(repository, { signal, onDamaged: () => undefined });
  const snapshot = snapshots.find((one) => one.id === id);
  if (order === null || snapshot === undefined) return null;
  const monotonicNow = () => performance.now();
  return await runDrill(repository, { snapshot, order, scratchDirectory, now, monotonicNow, signal });
}

/** What went wrong, in its own words. Pure. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
