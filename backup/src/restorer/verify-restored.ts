import type { Id } from "../blob/index.ts";
import { type ByteString, joinBytes } from "../byte-string/index.ts";
import { NotFoundError } from "../error/index.ts";
import type { BlobIndex } from "../index/index.ts";
import { type TreeSource, walkSnapshot } from "../listing/index.ts";
import type { Node } from "../tree/index.ts";
import type { WorkerPool } from "../worker-pool/index.ts";
import type { DirectoryHandles } from "./directory-handles.ts";
import { Examiner } from "./examiner.ts";
import type { RestoreJob, RestoreResult } from "./jobs.ts";
import { planFile } from "./plan-file.ts";
import { RestoreDirectory } from "./restore-directory.ts";
import type { RestoreReport } from "./restore-report.ts";
import type { RestoreSelection } from "./selection.ts";
import { TaskGroup } from "./task-group.ts";

export interface VerifyOptions {
  readonly repository: TreeSource & { readonly index: Pick<BlobIndex, "plaintextLength"> };
  readonly pool: Pick<WorkerPool<RestoreJob, RestoreResult>, "run">;
  readonly handles: DirectoryHandles;
  readonly report: RestoreReport;
  readonly selection: RestoreSelection;
  /** Paths that are not as the snapshot has them and were told of. */
  readonly untouched: ReadonlySet<ByteString>;
  readonly signal: AbortSignal | undefined;
}

/** Reads every restored file of a tree again and compares it with the hashes of the snapshot. */
export async function verifyRestored(tree: Id, root: RestoreDirectory, options: VerifyOptions): Promise<void> {
  const { repository, report, selection, untouched, signal, handles } = options;
  const examiner = new Examiner(options.pool, handles);
  const tasks = new TaskGroup();
  const stack = [root];
  let isEntering = false;
  const entries = walkSnapshot(repository, tree, {
    shouldEnter: () => isEntering,
    // Told when it was to be restored.
    onUnreadable: () => {},
    ...(signal === undefined ? {} : { signal }),
  });
  for await (const { path, node } of entries) {
    signal?.throwIfAborted();
    const parentPath = path.slice(0, -node.name.length - 1);
    while (stack.length > 1 && stack.at(-1)?.path !== parentPath) stack.pop();
    const directory = stack.at(-1) ?? root;
    const { isSelected, childMayBeSelected } = selection.of(path);
    isEntering = false;
    if (node.type === "dir" && childMayBeSelected) {
      const below = enter(directory, node, path, handles);
      isEntering = below !== null;
      if (below !== null) stack.push(below);
    } else if (node.type === "file" && isSelected && !untouched.has(path)) {
      tasks.run(verifyFile(directory, path, node, examiner, options));
      await tasks.whenBelow(256, () => examiner.flush());
    }
    report.progress(path);
  }
  await tasks.whenBelow(1, () => examiner.flush());
}

/** Verifies one file that lies in the target itself. */
export async function verifyRestoredFile(node: Node, root: RestoreDirectory, options: VerifyOptions): Promise<void> {
  const path = joinBytes("/", node.name);
  if (node.type !== "file" || options.untouched.has(path)) return;
  const examiner = new Examiner(options.pool, options.handles);
  const task = verifyFile(root, path, node, examiner, options);
  examiner.flush();
  await task;
}

/** Null for one that is not there; that was told, or nothing in it was selected. */
function enter(
  parent: RestoreDirectory,
  node: Node,
  path: ByteString,
  handles: DirectoryHandles,
): RestoreDirectory | null {
  const place = new RestoreDirectory({ parent, name: node.name, path, node, isSelected: true, isOnTheWay: false });
  try {
    const opened = handles.with(parent, (above) => above.openDirectory(node.name));
    handles.add(place, opened);
    handles.unpin(place);
    return place;
  } catch {
    return null;
  }
}

async function verifyFile(
  directory: RestoreDirectory,
  path: ByteString,
  node: Node,
  examiner: Examiner,
  { repository, report }: VerifyOptions,
): Promise<void> {
  const file = planFile({ directory, path, node, isReplacing: true, group: null }, repository.index, false);
  if (file instanceof NotFoundError) return;
  let reason = "its content is not what the snapshot says";
  try {
    const { isEqual, failure } = await examiner.compareNamed(file, null, null);
    if (isEqual) {
      report.filesVerified++;
      return;
    }
    if (failure !== null) reason = failure.message;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    reason = error.message;
  }
  report.error(path, "verify", new Error(reason));
}
