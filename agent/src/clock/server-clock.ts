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

/** A sample this exact is better than what is known; a vaguer one only counts where it contradicts it. */
const REFINING_UNCERTAINTY_MS = 250;

/** Makes an estimate that starts from `hostNow`, this host's wall clock. */
export function createServerClock(hostNow: () => number): ServerClock {
  let offsetMs: number | null = null;

  /** On a loaded host or line an answer takes seconds, and its middle says little: that must not spoil a good estimate. */
  function consider(sampleMs: number, uncertaintyMs: number): void {
    const isContradiction = Math.abs(sampleMs - (offsetMs ?? 0)) > uncertaintyMs;
    if (isContradiction || uncertaintyMs <= REFINING_UNCERTAINTY_MS) offsetMs = sampleMs;
    else offsetMs ??= 0;
  }

  return {
    now: () => hostNow() - (offsetMs ?? 0),
    offsetMs: () => offsetMs,
    sampleExact(serverMs, sentAtMs, answeredAtMs) {
      consider((sentAtMs + answeredAtMs) / 2 - serverMs, (answeredAtMs - sentAtMs) / 2);
    },
    sampleDate(date, sentAtMs, answeredAtMs) {
      const parsed = date === undefined ? Number.NaN : Date.parse(date);
      if (Number.isNaN(parsed)) return;
      consider((sentAtMs + answeredAtMs) / 2 - (parsed + 500), DATE_UNCERTAINTY_MS + (answeredAtMs - sentAtMs) / 2);
    },
  };
}
