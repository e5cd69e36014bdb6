import { setTimeout as sleep } from "node:timers/promises";
import type { Id } from "../blob/index.ts";
import { LockedError } from "../error/index.ts";
import { reachFaultPoint } from "../fault-point/index.ts";
import type { Repository } from "../repository/repository.ts";
import { describeLock, type Lock, type LockFile } from "./lock-file.ts";
import { identify, isAlive, type LockOwner, uptimeSeconds } from "./process-identity.ts";
import { judgeLock } from "./staleness.ts";
import { listLocks } from "./unlock.ts";

/**
 * Time for a lock made at the same moment to appear, as restic waits; in milliseconds. Not on a disk of this machine: there a listing shows
 * every file that was made before it, so of two that store their locks and look afterwards, at least one sees the other's.
 */
const waitBeforeCheckMs = 200;

export interface Acquisition {
  readonly isExclusive: boolean;
  readonly owner: LockOwner;
  readonly now: () => number;
  readonly signal: AbortSignal | undefined;
}

/** Stores a lock for its owner, with the present time; returns its name. */
export async function createLock(repository: Repository, acquisition: Acquisition): Promise<Id> {
  const { owner } = acquisition;
  const upSeconds = uptimeSeconds();
  const file: LockFile = {
    time: new Date(acquisition.now()).toISOString(),
    exclusive: acquisition.isExclusive,
    hostname: owner.hostname,
    username: owner.username,
    pid: owner.pid,
    uid: owner.uid,
    gid: owner.gid,
    ...(owner.process !== null && { mycloud_process: owner.process }),
    ...(upSeconds !== null && { mycloud_uptime_seconds: upSeconds }),
  };
  // Not interrupted: whether a lock was stored that nobody knows the name of could not be told afterwards.
  acquisition.signal?.throwIfAborted();
  return await repository.saveUnpacked("locks", file);
}

/** A lock that is stored, and the promise that nobody else's excludes it: until that resolves, it is no lock yet. */
export interface PendingLock {
  readonly id: Id;
  /** Rejects with LockedError, or the signal's reason; the lock has been removed then. */
  readonly confirmed: Promise<void>;
}

/** Tries once. Throws LockedError, with no lock left behind. */
export async function acquireLock(repository: Repository, acquisition: Acquisition): Promise<PendingLock> {
  await checkOtherLocks(repository, acquisition, null);
  const id = await createLock(repository, acquisition);
  reachFaultPoint("lock/created");
  const confirmed = confirmLock(repository, acquisition, id);
  // Whoever holds the promise asks it in time; until then a refusal is nobody's unhandled rejection.
  confirmed.catch(() => undefined);
  return { id, confirmed };
}

async function confirmLock(repository: Repository, acquisition: Acquisition, id: Id): Promise<void> {
  try {
    // Whoever looked before ours was stored has stored theirs by then: of two, at least one sees the other.
    if (repository.backend.isRemote) {
      await sleep(waitBeforeCheckMs, undefined, acquisition.signal && { signal: acquisition.signal });
    }
    await checkOtherLocks(repository, acquisition, id);
  } catch (error) {
    await repository.backend.remove({ type: "locks", name: id }).catch(() => undefined);
    throw error;
  }
}

async function checkOtherLocks(repository: Repository, acquisition: Acquisition, own: Id | null): Promise<void> {
  const processes = { self: acquisition.owner, isAlive, identify, uptimeSeconds };
  for (const lock of await listLocks(repository, acquisition.signal)) {
    if (lock.id === own) continue;
    const isInTheWay = acquisition.isExclusive || lock.isExclusive;
    const judgement = judgeLock(lock, processes, acquisition.now());
    if (judgement.kind === "dead") {
      // Also one that is not in our way: it would be in restic's, which cannot tell that its owner is dead.
      const removal = repository.backend.remove({ type: "locks", name: lock.id }, acquisition.signal);
      await (isInTheWay ? removal : removal.catch(() => undefined));
      continue;
    }
    if (!isInTheWay) continue;
    throw refusal(repository, lock, judgement.kind === "stale" ? judgement.reason : null);
  }
}

function refusal(repository: Repository, lock: Lock, staleBecause: string | null): LockedError {
  const advice = staleBecause === null ? "" : `; it looks stale (${staleBecause}): \`unlock\` removes it`;
  return new LockedError(`${repository.backend.location} is ${describeLock(lock)}${advice}`);
}
