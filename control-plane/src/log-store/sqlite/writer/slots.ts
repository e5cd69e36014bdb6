import type { DatabaseSync } from "node:sqlite";
import { microsecondsPerDay, slotsPerMicrosecond } from "../../record-id.ts";

/** Microseconds that are remembered as having records already: logs by the second, or by the millisecond, put thousands into one. */
const maximumRemembered = 10_000;

/** Finds the place of each record of a day: the first that is free in its microsecond, or in the next one when all are taken. */
export interface Slots {
  /** `tryInsert` inserts with a row id and says how many rows that made: none when the id is taken. Throws when the day has no place left. */
  insert(microsecond: number, tryInsert: (rowId: number) => { readonly changes: number | bigint }): number;
}

export function createSlots(database: DatabaseSync): Slots {
  const findLast = database.prepare("select max(id) as id from log where id >= ? and id < ?");
  let next = new Map<number, number>();

  function remember(microsecond: number, slot: number): void {
    if (next.size >= maximumRemembered) next = new Map();
    next.set(microsecond, slot);
  }

  /** The first place behind all that are taken in a microsecond. */
  function endOf(microsecond: number): number {
    const first = microsecond * slotsPerMicrosecond;
    const last = findLast.get(first, first + slotsPerMicrosecond)?.id;
    return typeof last === "number" ? last - first + 1 : 0;
  }

  return {
    insert(wanted, tryInsert) {
      // Past midnight there is no next microsecond in this day: the ones before are used then.
      let step = 1;
      for (let microsecond = wanted; microsecond >= 0; microsecond += step) {
        if (microsecond >= microsecondsPerDay) {
          step = -1;
          microsecond = wanted;
          continue;
        }
        const slot = next.get(microsecond) ?? 0;
        if (slot < slotsPerMicrosecond) {
          const rowId = microsecond * slotsPerMicrosecond + slot;
          if (Number(tryInsert(rowId).changes) === 1) {
            if (slot > 0) next.set(microsecond, slot + 1);
            return rowId;
          }
          const end = endOf(microsecond);
          remember(microsecond, end);
          if (end < slotsPerMicrosecond) microsecond -= step;
        }
      }
      throw new Error("the day has no place left");
    },
  };
}
