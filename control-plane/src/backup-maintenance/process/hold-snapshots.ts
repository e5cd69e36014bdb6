import type { Backend } from "@mycloud/backup/backend";
import { NotFoundError } from "@mycloud/backup/error";
import { addHold, listHolds, removeHold } from "@mycloud/backup/hold";
import type { MaintenanceResult } from "./message.ts";

/** Who the holds of a freeze say they are by: only these are taken away when it ends. */
const holder = "MyCloud, after a suspicious change";

/** Puts a hold without end on every snapshot but those excepted; what is held already keeps its hold. Needs no key. */
export async function holdSnapshots(
  backend: Backend,
  except: readonly string[],
  reason: string,
  nowMs: number,
  signal: AbortSignal,
): Promise<MaintenanceResult> {
  const held = new Set((await listHolds(backend, signal)).filter(({ untilMs }) => untilMs === null).map(bySnapshot));
  const passed = new Set(except);
  let holdsPlaced = 0;
  for (const { name: snapshot } of await backend.list("snapshots", signal)) {
    if (held.has(snapshot) || passed.has(snapshot)) continue;
    const hold = { snapshot, reason: reason.slice(0, 1000), untilMs: null, createdAtMs: nowMs, createdBy: holder };
    await addHold(backend, hold, signal);
    holdsPlaced++;
  }
  return { figures: { holdsPlaced }, damaged: null };
}

/** Takes the holds of a freeze away; those that people put stay. */
export async function releaseSnapshots(backend: Backend, signal: AbortSignal): Promise<MaintenanceResult> {
  let holdsRemoved = 0;
  for (const { snapshot, createdBy } of await listHolds(backend, signal)) {
    if (createdBy !== holder) continue;
    try {
      await removeHold(backend, snapshot, signal);
      holdsRemoved++;
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
  }
  return { figures: { holdsRemoved }, damaged: null };
}

const bySnapshot = ({ snapshot }: { readonly snapshot: string }) => snapshot;
