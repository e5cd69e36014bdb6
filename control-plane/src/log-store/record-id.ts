// Where a record stands: the UTC day of its time, and within the day `microsecond * 65,536 + n`, the n-th record of that microsecond. That is below 2^53, so that
// it is a row id of SQLite, a safe integer of JavaScript, and in the order of time.

export const microsecondsPerDay = 86_400_000_000;
/** Records that one microsecond holds. */
export const slotsPerMicrosecond = 65_536;
/** One more than the greatest row id of a day. */
export const rowIdsPerDay = microsecondsPerDay * slotsPerMicrosecond;

const dayDigits = 4;
const rowDigits = 11;

/** The day of an instant, counted from 1970-01-01. Pure. */
export function dayOf(timeUs: number): number {
  return Math.floor(timeUs / microsecondsPerDay);
}

/** `2026-11-23`. Pure. */
export function dayName(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** The day of a name as `dayName` gives it; null for anything else. Pure. */
export function dayOfName(name: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(name)) return null;
  const day = Date.parse(`${name}T00:00:00Z`) / 86_400_000;
  return Number.isInteger(day) && dayName(day) === name ? day : null;
}

/** The instant of a row of a day: microseconds since 1970. Pure. */
export function timeOfRow(day: number, rowId: number): number {
  return day * microsecondsPerDay + Math.floor(rowId / slotsPerMicrosecond);
}

/** The first row id that a record of this instant, or a later one, of the day can have; 0 before the day, `rowIdsPerDay` behind it. Pure. */
export function firstRowOf(day: number, timeUs: number): number {
  const inDay = Math.ceil(timeUs) - day * microsecondsPerDay;
  return Math.min(Math.max(inDay, 0), microsecondsPerDay) * slotsPerMicrosecond;
}

/** A record's public name, which sorts as time does. Pure. */
export function formatRecordId(day: number, rowId: number): string {
  return day.toString(36).padStart(dayDigits, "0") + rowId.toString(36).padStart(rowDigits, "0");
}

/** What `formatRecordId` wrote; null for anything else. Pure. */
export function parseRecordId(id: string): { readonly day: number; readonly rowId: number } | null {
  if (!/^[0-9a-z]{15}$/.test(id)) return null;
  const day = Number.parseInt(id.slice(0, dayDigits), 36);
  const rowId = Number.parseInt(id.slice(dayDigits), 36);
  return rowId < rowIdsPerDay ? { day, rowId } : null;
}
