import { type ByteString, joinBytes } from "../byte-string/index.ts";
import { findPath } from "../listing/index.ts";
import type { Repository } from "../repository/repository.ts";
import { createWorkerPool, defaultThreadCount } from "../worker-pool/index.ts";
import { DirectoryHandles } from "./directory-handles.ts";
import { DirectoryMaker } from "./directory-maker.ts";
import { EntryRestorer } from "./entry-restorer.ts";
import type { RestoreJob, RestoreResult, RestoreSetting } from "./jobs.ts";
import { openTarget } from "./open-target.ts";
import type { RestoreOptions } from "./restore-options.ts";
import { RestoreReport } from "./restore-report.ts";
import type { RestoreSummary } from "./restore-summary.ts";
import { RestoreWalk } from "./restore-walk.ts";
import { createSelection } from "./selection.ts";
import { TaskGroup } from "./task-group.ts";
import { verifyRestored, verifyRestoredFile } from "./verify-restored.ts";

/**
 * Writes a snapshot, or a part of it, to the file system. The index must be loaded. What cannot be restored is named in the summary
 * and the rest goes on. What is under a file's name is whole, before and after: it is replaced at once, and synced before. New files appear whole or not at all,
 * except those of one blob in a directory that this restore made itself (unless `isAlwaysWhole`): a kill may leave one half written, which the next run mends. Throws InputError (options), NotFoundError (subfolder), OutOfSpaceError, NotAllowedError and UnavailableError (storage),
 * and the signal's reason; run it again then, and it keeps what is right.
 */
export async function restoreSnapshot(
  repository: Pick<Repository, "backend" | "index" | "loadBlob" | "loadTree" | "key">,
  options: RestoreOptions,
): Promise<RestoreSummary> {
  const { signal, isDryRun = false, isDeleting = false, overwrite: policy = "always", gate } = options;
  const { isAlwaysWhole = false } = options;
  const selection = createSelection(options);
  const isRoot = process.geteuid?.() === 0;
  const report = new RestoreReport(options, isRoot);
  const handles = new DirectoryHandles();
  const maker = new DirectoryMaker({
    handles,
    report,
    selection,
    policy,
    isDeleting,
    isDryRun,
    isRoot,
    gate,
    isAlwaysWhole,
  });
  const tasks = new TaskGroup();
  const untouched = new Set<ByteString>();
  const { encrypt, macK, macR } = repository.key;
  // Not ended by the signal: a job that has begun ends by itself soon, and leaves nothing half done.
  const pool = createWorkerPool<RestoreJob, RestoreResult>({
    entry: new URL("./restore-worker.ts", import.meta.url),
    size: options.threads ?? defaultThreadCount(),
    setting: { key: { encrypt, macK, macR } } satisfies RestoreSetting,
    jobsInHand: 2,
    isEager: true,
  });
  const entries = new EntryRestorer({
    repository,
    pool,
    handles,
    maker,
    report,
    selection,
    tasks,
    policy,
    isDeleting,
    isDryRun,
    gate,
    isSparseForced: options.isSparseForced ?? false,
    signal,
    onUntouched: (path) => {
      if (options.isVerifying === true) untouched.add(path);
    },
  });
  try {
    const found = await findPath(repository, options.snapshot.tree, options.subfolder ?? joinBytes("/"), signal);
    await options.mayWrite;
    const root = openTarget(options.target, { handles, maker, selection, isDryRun });
    const restore = entries.restore.bind(entries);
    const walk = new RestoreWalk({ source: repository, selection, maker, report, signal, restore });
    if (found.tree !== null) await walk.restoreTree(found.tree, root);
    else if (found.node !== null) await walk.restoreEntry(found.node, root);
    report.isTotalKnown = true;
    await entries.join();
    if (options.isVerifying === true && !isDryRun) {
      report.phase = "verifying";
      const verifying = { repository, pool, handles, report, selection, untouched, signal };
      if (found.tree !== null) await verifyRestored(found.tree, root, verifying);
      else if (found.node !== null) await verifyRestoredFile(found.node, root, verifying);
    }
    return report.finish();
  } finally {
    // Jobs in hand use the descriptors that are closed next.
    await pool.whenBelow(1);
    await pool.close();
    entries.contents.abandon(signal?.aborted ?? false);
    handles.closeAll();
  }
}
