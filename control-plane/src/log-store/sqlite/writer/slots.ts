import type { DatabaseSync } from "node:sqlite";
import { microsecondsPerDay, slotsPerMicrosecond } from "../../record-id.ts";

/** Microseconds that are remembered as having records already: logs by the second, or by the millisecond, put thousands into one. */
const maximumRemembered = 10_000;
/** The last place of a microsecond is no record's: the index has its milestones there. */
const slotsForRecords = slotsPerMicrosecond - 1;

/** Finds the place of each record of a day: the first that is free in its microsecond, or in the next one when all are taken. */
export interface Slots {
  /**
   * `tryInsert` inserts with a row id, and says whether it could; it must when the id `isFree`. Answers with the id. Throws when the day has no place
   * left. After a transaction that failed it must be made anew.
   */
  insert(microsecond: number, tryInsert: (rowId: number, isFree: boolean) => boolean): number;
}

export function createSlots(database: DatabaseSync): Slots {
  const findLast = database.prepare("select max(id) as id from log where id >= ? and id < ?");
  let next = new Map<number, number>();
  /** The latest that has records, and its first free place. Most records are later still, and nobody has to look what is there. */
  let latest = -1;
  let latestSlot = 0;
  const last = findLast.get(0, microsecondsPerDay * slotsPerMicrosecond)?.id;
  if (typeof last === "number") {
    latest = Math.floor(last / slotsPerMicrosecond);
    latestSlot = (last % slotsPerMicrosecond) + 1;
  }

  function remember(microsecond: number, slot: number): void {
    if (next.size >= maximumRemembered) next = new Map();
    next.set(microsecond, slot);
  }

  /** The first place behind all that are taken in a microsecond. */
  function endOf(microsecond: number): number {
    const first = microsecond * slotsPerMicrosecond;
    const taken = findLast.get(first, first + slotsPerMicrosecond)?.id;
    return typeof taken === "number" ? taken - first + 1 : 0;
  }

  function noteLatest(microsecond: number, slot: number): void {
    if (microsecond < latest) return;
    latest = microsecond;
    latestSlot = slot + 1;
  }

  function insertBetween(wanted: number, tryInsert: (rowId: number, isFree: boolean) => boolean): number {
    // Past midnight there is no next microsecond in this day: the ones before are used then.
    let step = 1;
    for (let microsecond = wanted; microsecond >= 0; microsecond += step) {
      if (microsecond >= microsecondsPerDay) {
        step = -1;
        microsecond = wanted;
        continue;
      }
      const slot = next.get(microsecond) ?? 0;
      if (slot < slotsForRecords) {
        const rowId = microsecond * slotsPerMicrosecond + slot;
        if (tryInsert(rowId, false)) {
          if (slot > 0) next.set(microsecond, slot + 1);
          noteLatest(microsecond, slot);
          return rowId;
        }
        const end = endOf(microsecond);
        remember(microsecond, end);
        if (end < slotsForRecords) microsecond -= step;
      }
    }
    throw new Error("the day has no place left");
  }

  return {
    insert(wanted, tryInsert) {
      if (wanted < latest || (wanted === latest && latestSlot >= slotsForRecords))
        return insertBetween(wanted, tryInsert);
      if (wanted > latest) [latest, latestSlot] = [wanted, 0];
      const rowId = wanted * slotsPerMicrosecond + latestSlot;
      tryInsert(rowId, true);
      latestSlot += 1;
      return rowId;
    },
  };
}
