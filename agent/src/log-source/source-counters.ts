import type { LogSourceCounters } from "./line-batch.ts";

/** Counters while they are counted. */
export type MutableCounters = { -readonly [Name in keyof LogSourceCounters]: LogSourceCounters[Name] };

/** All zero. */
export function newCounters(): MutableCounters {
  return {
    files: 0,
    lagBytes: 0,
    lines: 0,
    bytes: 0,
    cutLines: 0,
    refused: 0,
    lost: 0,
    dropped: 0,
    fault: null,
    patternTimeouts: 0,
    polledDirectories: 0,
    watchFault: null,
    unread: [],
  };
}
