/**
 * Estimates the control plane's clock. An exact sample comes from a keepalive (milliseconds); the Date header of any answer
 * (whole seconds) serves until there is one, and again where it contradicts the estimate by more than it can be wrong.
 */
export interface ServerClock {
  /** The control plane's time in UTC milliseconds, as far as known; this host's own until an answer came. */
  now(): number;
  /** This host's clock minus the control plane's, in milliseconds; null until an answer came. */
  offsetMs(): number | null;
  /** `serverMs` was read by the server between this host's `sentAtMs` and `answeredAtMs`. */
  sampleExact(serverMs: number, sentAtMs: number, answeredAtMs: number): void;
  /** The Date header of an answer. */
  sampleDate(date: string | undefined, sentAtMs: number, answeredAtMs: number): void;
}

/** How far a Date header may be off: it is cut to the second, and a proxy may have cached it for a moment. */
const DATE_UNCERTAINTY_MS = 2000;

/** Makes an estimate that starts from `hostNow`, this host's wall clock. */
export function createServerClock(hostNow: () => number): ServerClock {
  let offsetMs: number | null = null;
  return {
    now: () => hostNow() - (offsetMs ?? 0),
    offsetMs: () => offsetMs,
    sampleExact(serverMs, sentAtMs, answeredAtMs) {
      offsetMs = (sentAtMs + answeredAtMs) / 2 - serverMs;
    },
    sampleDate(date, sentAtMs, answeredAtMs) {
      const parsed = date === undefined ? Number.NaN : Date.parse(date);
      if (Number.isNaN(parsed)) return;
      const sample = (sentAtMs + answeredAtMs) / 2 - (parsed + 500);
      const uncertainty = DATE_UNCERTAINTY_MS + (answeredAtMs - sentAtMs) / 2;
      if (offsetMs === null || Math.abs(sample - offsetMs) > uncertainty) offsetMs = sample;
    },
  };
}
