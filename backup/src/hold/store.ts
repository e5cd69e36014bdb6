import type { Backend } from "../backend/index.ts";
import type { Id } from "../blob/index.ts";
import { InputError, NotFoundError } from "../error/index.ts";
import { formatHold, type Hold, parseHold } from "./hold.ts";

/** Every hold, also those that have ended. A hold that cannot be read throws DamagedError: it may be one that must not be passed over. */
export async function listHolds(backend: Backend, signal?: AbortSignal): Promise<readonly Hold[]> {
  const files = await backend.list("holds", signal);
  const holds = await Promise.all(files.map(({ name }) => loadHold(backend, name, signal)));
  return holds.filter((hold) => hold !== null);
}

async function loadHold(backend: Backend, snapshotId: Id, signal?: AbortSignal): Promise<Hold | null> {
  try {
    return parseHold(await backend.load({ type: "holds", name: snapshotId }, undefined, signal), snapshotId);
  } catch (error) {
    if (error instanceof NotFoundError) return null; // released meanwhile
    throw error;
  }
}

/** Holds a snapshot; a hold it has already is replaced. Throws NotFoundError when there is no such snapshot, InputError when it would have ended already. */
export async function addHold(backend: Backend, hold: Hold, signal?: AbortSignal): Promise<void> {
  if (hold.untilMs !== null && hold.untilMs <= hold.createdAtMs) {
    throw new InputError(`hold: it would end at ${new Date(hold.untilMs).toISOString()}, which is past`);
  }
  if ((await backend.stat({ type: "snapshots", name: hold.snapshot }, signal)) === null) {
    throw new NotFoundError(`hold: there is no snapshot ${hold.snapshot}`);
  }
  const handle = { type: "holds", name: hold.snapshot } as const;
  // Names of holds are not content hashes, and saving an existing name changes nothing: the old one must go first.
  if ((await backend.stat(handle, signal)) !== null) await backend.remove(handle, signal);
  await backend.save(handle, formatHold(hold), signal);
}

/** Releases a snapshot. Throws NotFoundError when it is not held. */
export async function removeHold(backend: Backend, snapshotId: Id, signal?: AbortSignal): Promise<void> {
  const handle = { type: "holds", name: snapshotId } as const;
  if ((await backend.stat(handle, signal)) === null) throw new NotFoundError(`snapshot ${snapshotId} is not held`);
  await backend.remove(handle, signal);
}
