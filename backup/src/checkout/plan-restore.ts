import { setImmediate as nextTurn } from "node:timers/promises";
import type { Exclusions } from "../archiver/index.ts";
import { createSelector } from "../archiver/walking/selection.ts";
import { type ByteString, byteString, bytesOfDisplayText, joinBytes } from "../byte-string/index.ts";
import { NotFoundError } from "../error/index.ts";
import { codeOf, type Directory, openRoot } from "../filesystem/index.ts";
import { type FoundPath, findPath } from "../listing/index.ts";
import type { Repository } from "../repository/repository.ts";
import { DirectoryHandles } from "../restorer/directory-handles.ts";
import type { RestoreJob, RestoreResult, RestoreSetting } from "../restorer/jobs.ts";
import type { RestoreDirectory } from "../restorer/restore-directory.ts";
import { TaskGroup } from "../restorer/task-group.ts";
import type { StoredSnapshot } from "../snapshot/index.ts";
import { createWorkerPool, defaultThreadCount } from "../worker-pool/index.ts";
import { splitPath } from "./choose-paths.ts";
import { KeptVersions } from "./kept-versions.ts";
import { LinkClaims } from "./link-claims.ts";
import { enterDirectory, type PlanContext, statIn } from "./plan-context.ts";
import { carry, planDirectory, planEntry } from "./plan-directory.ts";
import { planRemoval, type Removal } from "./plan-removal.ts";
import { PlannedChanges } from "./planned-changes.ts";
import { PresentContent } from "./present-content.ts";
import { type LeftBehind, PlanCounter, type PlanFigures } from "./restore-plan.ts";

export interface PlanOptions {
  readonly kind: "checkout" | "rollback" | "restore";
  readonly snapshot: StoredSnapshot;
  /** Of `choosePaths`: covered by the snapshot, none below another. */
  readonly paths: readonly ByteString[];
  /** `/` to bring files back to where they came from. */
  readonly target: string;
  /** Whether what would be lost may be. */
  readonly isForced: boolean;
  /**
   * Snapshots, newest first, that have what may be overwritten: for a checkout all of the host, for a rollback its safety snapshot. `assumed` for a
   * rollback that is only looked at: a safety snapshot is taken to have all that a backup of now would.
   */
  readonly others: readonly StoredSnapshot[] | "assumed";
  /** What a backup of now leaves out. */
  readonly exclude: Exclusions;
  /** Neither changed nor removed, with all below them; clean and absolute, and none of `paths` below one. */
  readonly except?: readonly ByteString[];
  readonly threads?: number;
  readonly signal: AbortSignal;
}

export interface PlannedRestore {
  readonly figures: PlanFigures;
  /** What may be done to what is there. */
  readonly changes: PlannedChanges;
  /** Of a rollback: paths that the snapshot covers and does not have. */
  readonly gone: readonly ByteString[];
  readonly left: LeftBehind;
}

const turnMs = 20;

/**
 * Says what a checkout, rollback or restore would do; changes nothing. The repository's index must be loaded. Throws NotFoundError for a path that
 * the snapshot does not have (but in a rollback, which removes it), the repository's errors, and the signal's reason.
 */
export async function planRestore(
  repository: Pick<Repository, "loadTree" | "index" | "key">,
  options: PlanOptions,
): Promise<PlannedRestore> {
  const { kind, snapshot, others, signal } = options;
  const handles = new DirectoryHandles();
  const { encrypt, macK, macR } = repository.key;
  const pool = createWorkerPool<RestoreJob, RestoreResult>({
    entry: new URL("../restorer/restore-worker.ts", import.meta.url),
    size: options.threads ?? defaultThreadCount(),
    setting: { key: { encrypt, macK, macR } } satisfies RestoreSetting,
  });
  const content = new PresentContent(repository.index, handles, pool);
  const newestName = kind === "rollback" ? "the safety snapshot" : "the newest snapshot";
  const { unreadable, areAllNamed } = unreadableOf(snapshot);
  let turnStartMs = performance.now();
  const context: PlanContext = {
    kind,
    isForced: options.isForced,
    repository,
    handles,
    tasks: new TaskGroup(),
    content,
    links: new LinkClaims(),
    versions: others === "assumed" ? null : new KeptVersions(repository, content, others, newestName),
    selector: createSelector(kind === "rollback" ? options.exclude : {}),
    unreadable,
    except: new Set(options.except ?? []),
    mayRemove: areAllNamed,
    counter: new PlanCounter(),
    changes: new PlannedChanges(),
    signal,
    async breathe() {
      if (performance.now() - turnStartMs < turnMs) return;
      await nextTurn();
      turnStartMs = performance.now();
    },
  };
  try {
    const root = openPlace(context, options.target);
    const way = new Way(context, root);
    const gone: ByteString[] = [];
    for (const path of options.paths) {
      const found = await findWanted(repository, options, path);
      if (found === null) gone.push(path);
      await planPath(context, way, path, found);
    }
    await context.tasks.whenBelow(1);
    return { figures: context.counter.figures(), changes: context.changes, gone, left: context.counter.left };
  } finally {
    // Jobs in hand use the descriptors that are closed next.
    await pool.whenBelow(1);
    await pool.close();
    handles.closeAll();
  }
}

async function findWanted(
  repository: Pick<Repository, "loadTree">,
  { kind, snapshot, signal }: PlanOptions,
  path: ByteString,
): Promise<FoundPath | null> {
  try {
    return await findPath(repository, snapshot.tree, path, signal);
  } catch (error) {
    if (kind === "rollback" && error instanceof NotFoundError) return null;
    throw error;
  }
}

async function planPath(context: PlanContext, way: Way, path: ByteString, found: FoundPath | null): Promise<void> {
  const { signal, repository } = context;
  const newest = (await context.versions?.newestAt(path, signal)) ?? null;
  const split = splitPath(path);
  if (split === null) {
    if (found?.tree == null) return;
    const nodes = await repository.loadTree(found.tree, signal);
    const newestNodes = newest?.tree == null ? null : await repository.loadTree(newest.tree, signal);
    const byName = newestNodes === null ? null : new Map(newestNodes.map((one) => [one.name, one]));
    return await planDirectory(context, way.root, nodes, byName, way.deviceOf(way.root));
  }
  const directory = way.to(split.parent, found !== null);
  if (directory === null) return;
  const newestNode = newest?.node ?? null;
  if (found?.node != null) {
    return await planEntry(context, { directory, path, node: found.node, newest: newestNode }, null);
  }
  // A rollback to a snapshot that says that nothing was there.
  if (!context.mayRemove || directory.isImagined) return;
  const removal: Removal = { removed: [], entered: [], conflicts: [] };
  await planRemoval(context, { directory, name: split.name, path, newest: newestNode }, removal);
  carry(context, removal);
  for (const { path: conflicting, reason } of removal.conflicts) {
    context.counter.add("conflict", conflicting, null, reason);
    context.counter.leave(conflicting, reason);
  }
}

/** The directories on the way to what is brought back; each is opened once, following no link. */
class Way {
  readonly root: RestoreDirectory;
  readonly #context: PlanContext;
  readonly #known = new Map<ByteString, RestoreDirectory | null>();

  constructor(context: PlanContext, root: RestoreDirectory) {
    this.root = root;
    this.#context = context;
  }

  deviceOf(directory: RestoreDirectory): bigint | null {
    if (directory.isImagined) return null;
    return this.#context.handles.with(directory, (opened) => opened.statSelf().deviceId);
  }

  /** Null when something else than a directory is on the way, which is a conflict. */
  to(path: ByteString, isMade: boolean): RestoreDirectory | null {
    const split = path === "" ? null : splitPath(path);
    if (split === null) return this.root;
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const parent = this.to(split.parent, isMade);
    const directory = parent === null ? null : this.#enter(parent, split.name, path, isMade);
    this.#known.set(path, directory);
    return directory;
  }

  #enter(parent: RestoreDirectory, name: ByteString, path: ByteString, isMade: boolean): RestoreDirectory | null {
    const context = this.#context;
    const place = { name, path, node: null };
    const stat = statIn(context, parent, name);
    if (stat === null) {
      if (isMade) context.counter.add("create", path);
      return enterDirectory(context, parent, place, null);
    }
    if (stat.type !== "dir") {
      const reason = `it leads to what is brought back, but it is a ${stat.type}; links are not followed`;
      context.counter.add("conflict", path, null, reason);
      return null;
    }
    const opened = context.handles.with(parent, (above) => above.openDirectory(name));
    return enterDirectory(context, parent, place, opened);
  }
}

function openPlace(context: PlanContext, target: string): RestoreDirectory {
  const place = { name: joinBytes(""), path: joinBytes(""), node: null };
  let opened: Directory | null = null;
  try {
    opened = openRoot(byteString(target));
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
  return enterDirectory(context, null, place, opened);
}

/** What a snapshot could not read, and whether it names all of it. */
function unreadableOf({ summary }: StoredSnapshot): {
  readonly unreadable: ReadonlySet<ByteString>;
  readonly areAllNamed: boolean;
} {
  const items = summary?.error_items ?? [];
  const paths = items.map(({ item }) => bytesOfDisplayText(item));
  return {
    unreadable: new Set(paths.filter((path) => path !== null)),
    areAllNamed: (summary?.errors ?? 0) <= items.length && paths.every((path) => path !== null),
  };
}
