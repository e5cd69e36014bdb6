import type { ZoneHistoryEntry, ZoneSettings } from "@mycloud/protocol/dns-zone";
import type { Executor } from "../database/dialect/dialect.ts";
import type { IsIn } from "../dns-publish/index.ts";
import { ConflictError, NotFoundError } from "../error/index.ts";
import { findHistoryEntry } from "./history-store.ts";
import { normalisePlace } from "./normalise-rrset.ts";
import { planChange, type WantedRrset, type ZonePlan } from "./plan-change.ts";
import { findRrset } from "./rrset-store.ts";
import { isSameRrset } from "./rrset-values.ts";
import { zoneNameOf } from "./zone-name.ts";
import type { StoredZone } from "./zone-store.ts";

/** More than any change that is kept. */
const everyDifference = 100_000;

/**
 * The opposite of a change that was made. Throws NotFoundError when it is not remembered, ConflictError where what it changed is not any more what it made
 * of it: undoing would undo what somebody did since.
 */
export async function planUndo(
  executor: Executor,
  zone: StoredZone,
  revision: number,
  { isIn, nowMs }: { readonly isIn: IsIn; readonly nowMs: number },
): Promise<ZonePlan> {
  const entry = await findHistoryEntry(executor, zone.id, revision, everyDifference);
  if (entry === null) throw new NotFoundError(`${zone.name} remembers no change ${revision}`);
  if (!entry.isKept) {
    throw new ConflictError(
      `change ${revision} had ${entry.differenceCount} RRsets, which are not remembered any more`,
    );
  }
  const name = zoneNameOf(zone.name);
  const wanted: WantedRrset[] = [];
  for (const difference of entry.differences) {
    const { place, owner } = normalisePlace(difference, name);
    const present = await findRrset(executor, zone.id, place);
    const isAsLeft =
      present === null || difference.after === null
        ? present === null && difference.after === null
        : isSameRrset(present, difference.after);
    if (!isAsLeft) {
      const since = present === null ? "was deleted since" : `was changed since, in change ${present.revision}`;
      throw new ConflictError(`change ${revision} cannot be undone: ${place.name} ${place.type} ${since}`);
    }
    wanted.push({ place, owner, values: difference.before });
  }
  const settings = settingsBefore(zone, entry);
  return await planChange(executor, { zone, settings, wanted, source: "people", isIn, nowMs });
}

/** The present settings with what a change made of them taken back. */
function settingsBefore({ settings }: StoredZone, { id, settings: difference }: ZoneHistoryEntry): ZoneSettings {
  if (difference === null) return settings;
  const taken: Record<string, unknown> = { ...settings };
  for (const key of keysOf(difference.after)) {
    const [before, after] = [JSON.stringify(difference.before[key]), JSON.stringify(difference.after[key])];
    if (before === after) continue;
    if (JSON.stringify(settings[key]) !== after) {
      throw new ConflictError(`change ${id} cannot be undone: the setting ${key} was changed since`);
    }
    taken[key] = difference.before[key];
  }
  return { ...settings, ...taken };
}

function keysOf(settings: ZoneSettings): (keyof ZoneSettings)[] {
  return Object.keys(settings) as (keyof ZoneSettings)[];
}
