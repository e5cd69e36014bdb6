import type { PositionChange } from "../line-batch.ts";
import { placesOf, stampOf } from "./directory-stamp.ts";
import type { Following } from "./following.ts";
import { createOrigins, type Origins } from "./origins.ts";
import { listRotatedFiles } from "./rotated-files.ts";
import { settleName } from "./settle-name.ts";

/** So often a directory is looked at again when something in it changes all the time; then what is known is read first. */
const MAXIMUM_ROUNDS = 50;

/** So many positions are told at once, or a few more: those of one name belong together. */
const POSITIONS_AT_ONCE = 500;

/** Tells apart and puts in order what has come of names whose files were rotated, in all directories where something has changed. */
export async function settle(following: Following): Promise<void> {
  const origins = createOrigins(following);
  for (let round = 0; following.unsettled.size > 0 && round < MAXIMUM_ROUNDS; round++) {
    const directories = [...following.unsettled];
    following.unsettled.clear();
    for (const directory of directories) {
      if (following.signal.aborted) return;
      await settleDirectory(following, origins, directory);
    }
  }
}

async function settleDirectory(following: Following, origins: Origins, directory: string): Promise<void> {
  const arrivals = following.arrivals.get(directory) ?? [];
  following.arrivals.delete(directory);
  following.settledStamps.set(directory, stampOf(following, directory));
  const places = placesOf(following, directory);
  // After what arrived was opened: whatever came before it has its rotated name by now.
  const members = listRotatedFiles(places, (place, name) => origins.of(directory, place, name));
  const byName = Map.groupBy(members, ({ origin }) => origin);
  // Where something is missing first: it may be found in what has arrived under another name.
  const missing = following.files.namesWithMissing(directory);
  const names = new Set([...missing, ...byName.keys(), ...arrivals.map(({ name }) => name)]);
  const arrivedByName = Map.groupBy(arrivals, ({ name }) => name);
  let changes: PositionChange[] = [];
  for (const name of names) {
    if (following.signal.aborted) return;
    const arrived = (arrivedByName.get(name) ?? []).filter(({ isForgotten }) => !isForgotten);
    // What has changed for one name is no reason to put off the others.
    const isToBeRepeated = following.unsettled.delete(directory);
    changes.push(...(await settleName(following, name, byName.get(name) ?? [], arrived)));
    if (isToBeRepeated) following.unsettled.add(directory);
    // What was concluded of files that could not be looked into to their end is not kept.
    if (following.signal.aborted) return;
    changes.push(...following.past.takeChanges());
    if (changes.length < POSITIONS_AT_ONCE) continue;
    await following.emitPositions(changes);
    changes = [];
  }
  for (const stream of following.dropped.splice(0)) changes.push({ stream, position: null });
  if (changes.length > 0) await following.emitPositions(changes);
}
