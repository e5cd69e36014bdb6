import { type ByteString, byteString, displayText, joinBytes } from "../byte-string/index.ts";
import { codeOf, type Directory, openRoot } from "../filesystem/index.ts";
import type { ItemError, OnProgress } from "../progress/index.ts";
import type { Repository } from "../repository/repository.ts";
import { removeExtraneous } from "../restorer/remove-extraneous.ts";
import { RestoreReport } from "../restorer/restore-report.ts";
import { restoreSnapshot } from "../restorer/restore-snapshot.ts";
import type { RestoreNotice } from "../restorer/restore-summary.ts";
import { createSelection } from "../restorer/selection.ts";
import type { StoredSnapshot } from "../snapshot/index.ts";
import { splitPath } from "./choose-paths.ts";
import type { PlannedRestore } from "./plan-restore.ts";

export interface CarryOutOptions {
  readonly kind: "checkout" | "rollback" | "restore";
  readonly snapshot: StoredSnapshot;
  readonly paths: readonly ByteString[];
  readonly target: string;
  /** As when it was planned. */
  readonly except?: readonly ByteString[];
  readonly threads?: number;
  /** Told of each path that was done. */
  readonly onDone?: (path: ByteString) => void;
  readonly onProgress?: OnProgress;
  readonly signal: AbortSignal;
}

export interface CarriedOut {
  /** Paths that were made, replaced, removed or dressed anew. */
  readonly done: number;
  readonly bytesWritten: number;
  /** What was not done as planned, and the first of it. */
  readonly errorCount: number;
  readonly errors: readonly ItemError[];
  readonly notices: readonly RestoreNotice[];
}

/**
 * Does what was planned. Every file is whole, before and after: also a kill leaves none half written, and planning it again finishes it. The
 * repository's index must be loaded. Throws what `restoreSnapshot` throws.
 */
export async function carryOut(
  repository: Pick<Repository, "backend" | "index" | "loadBlob" | "loadTree" | "key">,
  { changes, gone, left }: Pick<PlannedRestore, "changes" | "gone" | "left">,
  options: CarryOutOptions,
): Promise<CarriedOut> {
  const { kind, snapshot, target, signal } = options;
  const paths = options.paths.filter((path) => !gone.includes(path));
  let done = 0;
  const onItem = ({ action, path }: { readonly action: string; readonly path: ByteString }) => {
    const isDone = action === "created" || action === "updated" || action === "deleted";
    if (!isDone && !(action === "unchanged" && changes.isChange(path))) return;
    done++;
    options.onDone?.(path);
  };
  const summary = await restoreSnapshot(repository, {
    snapshot,
    target,
    onlyPaths: paths,
    exceptPaths: options.except ?? [],
    isDeleting: kind === "rollback",
    gate: changes,
    isAlwaysWhole: true,
    onItem,
    signal,
    ...(options.threads === undefined ? {} : { threads: options.threads }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  const report = new RestoreReport({ onItem }, process.geteuid?.() === 0);
  const selection = createSelection({ snapshot });
  for (const path of gone) {
    signal.throwIfAborted();
    removeGone(path, (directory, name) => {
      removeExtraneous(directory, name, path, { selection, report, isDryRun: false, gate: changes });
    });
  }
  const removal = report.finish();
  const leftItems = left.first.map(({ path, reason }) => ({
    item: displayText(path),
    during: "remove",
    message: `not removed: ${reason}`,
  }));
  return {
    done,
    bytesWritten: summary.bytesWritten,
    errorCount: summary.errors + removal.errors + left.count,
    errors: [...summary.errorItems, ...removal.errorItems, ...leftItems],
    notices: summary.notices,
  };
}

/** Opens the directory that a path lies in, following no link; where there is none, nothing has to be removed. */
function removeGone(path: ByteString, remove: (directory: Directory, name: ByteString) => void): void {
  const split = splitPath(path);
  if (split === null) return;
  let directory = openRoot(byteString("/"));
  try {
    for (const name of split.parent.split("/").filter((one) => one !== "")) {
      const parent = directory;
      directory = parent.openDirectory(joinBytes(name));
      parent.close();
    }
    remove(directory, split.name);
  } catch (error) {
    if (!["ENOENT", "ENOTDIR", "ELOOP"].includes(codeOf(error))) throw error;
  } finally {
    directory.close();
  }
}
