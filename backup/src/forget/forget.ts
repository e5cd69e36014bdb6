import { InputError, NotAllowedError } from "../error/index.ts";
import { isInForce, listHolds } from "../hold/index.ts";
import { withLock } from "../lock/index.ts";
import type { Repository } from "../repository/repository.ts";
import {
  checkPolicy,
  decideRetention,
  isEmptyPolicy,
  type RetentionDecision,
  type RetentionPolicy,
} from "../retention/index.ts";
import {
  type GroupKey,
  groupSnapshots,
  listSnapshots,
  matchesFilter,
  resolveSnapshot,
  type SnapshotFilter,
  type SnapshotGroup,
  type StoredSnapshot,
} from "../snapshot/index.ts";

export interface ForgetOptions {
  /** By policy, group by group; or exactly these (ids, beginnings of ids, `latest`). */
  readonly what: { readonly policy: RetentionPolicy } | { readonly snapshots: readonly string[] };
  /** Host and paths unless given, as in restic. */
  readonly groupBy?: readonly GroupKey[];
  readonly filter?: SnapshotFilter;
  readonly isDryRun?: boolean;
  /** How long to wait for the lock. */
  readonly retryForMs?: number;
  readonly nowMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface ForgetGroup extends Omit<SnapshotGroup<StoredSnapshot>, "snapshots">, RetentionDecision {}

export interface ForgetResult {
  /** One for each group; with snapshots by name, one that keeps nothing but what is held. */
  readonly groups: readonly ForgetGroup[];
  /** Empty with a dry run: what would go is in the groups. */
  readonly removed: readonly StoredSnapshot[];
  /** Snapshots that were to go and are held: they stay. */
  readonly held: readonly { readonly snapshot: StoredSnapshot; readonly reason: string }[];
  /** Snapshots that the storage would not remove. */
  readonly failed: readonly { readonly snapshot: StoredSnapshot; readonly message: string }[];
}

/** Drops snapshots under an exclusive lock. Throws InputError when the policy keeps nothing at all or would empty a group. */
export async function forget(repository: Repository, options: ForgetOptions): Promise<ForgetResult> {
  const { what, nowMs, retryForMs, signal } = options;
  if ("policy" in what) {
    checkPolicy(what.policy);
    if (isEmptyPolicy(what.policy)) {
      throw new InputError("forget: no policy was given, so nothing is forgotten; say what to keep, or name snapshots");
    }
  }
  return withLock(repository, { isExclusive: true, retryForMs, now: () => nowMs, signal }, async (held) => {
    const holds = await holdsInForce(repository, nowMs, held);
    const groups =
      "policy" in what
        ? await decideByPolicy(repository, what.policy, holds, options, held)
        : [await decideByName(repository, what.snapshots, holds, options, held)];
    const outcome = options.isDryRun === true ? { removed: [], failed: [] } : await remove(repository, groups, held);
    return { groups, held: heldBack(groups), ...outcome };
  });
}

/** Reasons of the holds in force, by snapshot. */
async function holdsInForce(
  repository: Repository,
  nowMs: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const holds = await listHolds(repository.backend, signal);
  return new Map(holds.filter((hold) => isInForce(hold, nowMs)).map((hold) => [hold.snapshot, hold.reason]));
}

async function decideByPolicy(
  repository: Repository,
  policy: RetentionPolicy,
  holds: ReadonlyMap<string, string>,
  options: ForgetOptions,
  signal: AbortSignal,
): Promise<ForgetGroup[]> {
  const { filter = {}, groupBy = ["host", "paths"], nowMs } = options;
  const admitted = (await listSnapshots(repository, { signal })).filter((snapshot) => matchesFilter(snapshot, filter));
  const groups: ForgetGroup[] = [];
  for (const { host, paths, tags, snapshots } of groupSnapshots(admitted, groupBy)) {
    const decision = decideRetention(snapshots, policy, { nowMs, holds });
    if (decision.keep.length === 0) {
      const group = [host, paths?.join(" "), tags?.join(" ")].filter(Boolean).join(", ");
      throw new InputError(
        `forget: the policy would keep no snapshot of ${group || "the repository"}; nothing was changed`,
      );
    }
    groups.push({ host, paths, tags, ...decision });
  }
  return groups;
}

async function decideByName(
  repository: Repository,
  names: readonly string[],
  holds: ReadonlyMap<string, string>,
  { filter }: ForgetOptions,
  signal: AbortSignal,
): Promise<ForgetGroup> {
  const named = new Map<string, StoredSnapshot>();
  for (const name of names) {
    const { snapshot, path } = await resolveSnapshot(repository, name, filter, signal);
    if (path !== "") throw new InputError(`forget: "${name}" names a path; only whole snapshots can be forgotten`);
    named.set(snapshot.id, snapshot);
  }
  const keep = [...named.values()].flatMap((snapshot) => {
    const reason = holds.get(snapshot.id);
    return reason === undefined ? [] : [{ snapshot, reasons: [`held: ${reason}`] }];
  });
  const remove = [...named.values()].filter(({ id }) => !holds.has(id));
  return { host: null, paths: null, tags: null, keep, remove };
}

/** What only a hold kept: every other reason is the policy's. */
function heldBack(groups: readonly ForgetGroup[]): ForgetResult["held"] {
  return groups.flatMap(({ keep }) =>
    keep.flatMap(({ snapshot, reasons }) => {
      const [only, ...others] = reasons;
      return only?.startsWith("held: ") && others.length === 0
        ? [{ snapshot, reason: only.slice("held: ".length) }]
        : [];
    }),
  );
}

async function remove(
  repository: Repository,
  groups: readonly ForgetGroup[],
  signal: AbortSignal,
): Promise<Pick<ForgetResult, "removed" | "failed">> {
  const removed: StoredSnapshot[] = [];
  const failed: { snapshot: StoredSnapshot; message: string }[] = [];
  for (const snapshot of groups.flatMap(({ remove }) => remove)) {
    signal.throwIfAborted();
    try {
      await repository.backend.remove({ type: "snapshots", name: snapshot.id }, signal);
      removed.push(snapshot);
    } catch (error) {
      // One that the storage protects (append-only, a hold made this moment) does not keep the others from going.
      if (!(error instanceof NotAllowedError)) throw error;
      failed.push({ snapshot, message: error.message });
    }
  }
  return { removed, failed };
}
