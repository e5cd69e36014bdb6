import type { Backend } from "@mycloud/backup/backend";
import { formatHold, type Hold, isInForce, listHolds } from "@mycloud/backup/hold";
import { InputError, NotFoundError } from "../error/index.ts";

/** The hold a snapshot has; null when it has none. */
export async function findHold(storage: Backend, snapshotId: string, signal: AbortSignal): Promise<Hold | null> {
  return (await listHolds(storage, signal)).find(({ snapshot }) => snapshot === snapshotId) ?? null;
}

/**
 * Holds a snapshot, or holds it otherwise than before. A hold that is to last as long or longer is written over the one before, so that there is no moment
 * without; a shorter one takes its place. Throws NotFoundError when there is no such snapshot, InputError when it would have ended already.
 */
export async function placeHold(storage: Backend, hold: Hold, before: Hold | null, signal: AbortSignal): Promise<void> {
  if (!isInForce(hold, hold.createdAtMs)) {
    throw new InputError(`untilMs is past; a hold ends in the future or, with null, not at all`);
  }
  if ((await storage.stat({ type: "snapshots", name: hold.snapshot }, signal)) === null) {
    throw new NotFoundError(`there is no snapshot ${hold.snapshot}`);
  }
  const file = { type: "holds", name: hold.snapshot } as const;
  const isShorter = before !== null && endOf(hold) < endOf(before);
  if (isShorter) await storage.remove(file, signal);
  await storage.save(file, formatHold(hold), signal);
}

function endOf({ untilMs }: Hold): number {
  return untilMs ?? Number.POSITIVE_INFINITY;
}
