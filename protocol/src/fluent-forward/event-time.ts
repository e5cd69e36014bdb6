/** Fluentd's time of nanoseconds: extension type 0, seconds and nanoseconds as unsigned 32 bits, big endian. */
export interface EventTime {
  /** Since 1970, UTC; 0 to 4,294,967,295. */
  readonly seconds: number;
  readonly nanoseconds: number;
}

export const eventTimeExtension = 0;

/** Microseconds since 1970 as EventTime. Times before 1970 and after 2106 have none and become the nearest that has. Pure. */
export function eventTimeOf(timeUs: number): EventTime {
  const within = Math.min(Math.max(timeUs, 0), 4_294_967_295_999_999);
  const seconds = Math.floor(within / 1_000_000);
  return { seconds, nanoseconds: Math.floor(within - seconds * 1_000_000) * 1000 };
}

/** Microseconds since 1970, what is finer cut off. Pure. */
export function microsecondsOf({ seconds, nanoseconds }: EventTime): number {
  return seconds * 1_000_000 + Math.floor(nanoseconds / 1000);
}
