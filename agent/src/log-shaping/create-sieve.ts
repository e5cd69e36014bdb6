import type { LogSeverity } from "@mycloud/protocol/log-record";
import type { LogSieve } from "@mycloud/protocol/log-source";
import { logSeverities } from "@mycloud/protocol/log-terms";
import { compilePattern, MAXIMUM_MATCHED_CHARACTERS } from "../log-pattern/index.ts";

/** Decides what is left out. */
export interface Sieve {
  /** By include and exclude. */
  keepsLine(line: string): boolean;
  /** By sampling. */
  keepsSample(severity: LogSeverity | null): boolean;
  /** By the rate limit, at a time of the monotonic clock. */
  keepsRate(nowMs: number): boolean;
  /** How many the rate limit left out in a second that is over; to be said once. */
  takeSuppressed(nowMs: number): number;
}

const SECOND_MS = 1000;

/** Makes the sieve of a job. Throws PatternError for a pattern that cannot be used. */
export function createSieve({ include, exclude, sample, maximumLinesPerSecond }: LogSieve): Sieve {
  const included = include.map((pattern) => compilePattern(pattern));
  const excluded = exclude.map((pattern) => compilePattern(pattern));
  const sampledLevel = sample === null ? 0 : logSeverities.indexOf(sample.severity);
  let seen = 0;
  let secondMs = Number.NEGATIVE_INFINITY;
  let inSecond = 0;
  let suppressed = 0;

  return {
    keepsLine(line) {
      if (included.length === 0 && excluded.length === 0) return true;
      const text = line.length > MAXIMUM_MATCHED_CHARACTERS ? line.slice(0, MAXIMUM_MATCHED_CHARACTERS) : line;
      if (included.length > 0 && !included.some((pattern) => pattern.test(text))) return false;
      return !excluded.some((pattern) => pattern.test(text));
    },
    keepsSample(severity) {
      // What says nothing of its severity is information.
      if (sample === null || logSeverities.indexOf(severity ?? "info") < sampledLevel) return true;
      return seen++ % sample.oneIn === 0;
    },
    keepsRate(nowMs) {
      if (maximumLinesPerSecond === null) return true;
      if (nowMs - secondMs >= SECOND_MS) {
        secondMs = nowMs;
        inSecond = 0;
      }
      if (inSecond < maximumLinesPerSecond) {
        inSecond++;
        return true;
      }
      suppressed++;
      return false;
    },
    takeSuppressed(nowMs) {
      if (suppressed === 0 || nowMs - secondMs < SECOND_MS) return 0;
      const count = suppressed;
      suppressed = 0;
      return count;
    },
  };
}
