import { type LogCondition, logMatcher } from "@mycloud/protocol/log-query";
import type { LogRecord } from "@mycloud/protocol/log-record";
import type { Scope } from "../scope/index.ts";
import type { NewLogRecord } from "./log-store.ts";

export interface TailQuestion {
  readonly condition: LogCondition;
  readonly scope: Scope;
  readonly limit: number;
  readonly signal: AbortSignal;
}

export interface TailBatch {
  readonly records: readonly LogRecord[];
  readonly skipped: number;
}

/** Hands records that were just stored to whoever follows them. Nobody who reads slowly keeps more than their `limit` in memory. */
export interface TailBus {
  readonly hasFollowers: () => boolean;
  /** `idOf` is null for a record that was stored before. */
  publish(records: readonly NewLogRecord[], receivedAtMs: number, idOf: (index: number) => PlacedId | null): void;
  /** Follows from this call on, whenever the first records are asked for. Ends when the bus is closed; throws the signal's reason when it fires. */
  tail(question: TailQuestion): AsyncIterable<TailBatch>;
  close(): void;
}

export interface PlacedId {
  readonly id: string;
  /** As it is stored. */
  readonly timeUs: number;
}

interface Follower {
  readonly matches: (record: NewLogRecord) => boolean;
  readonly limit: number;
  kept: LogRecord[];
  skipped: number;
  wake: (() => void) | null;
}

export function createTailBus(): TailBus {
  const followers = new Set<Follower>();
  let isClosed = false;

  async function* follow(follower: Follower, signal: AbortSignal): AsyncGenerator<TailBatch> {
    const wake = () => follower.wake?.();
    signal.addEventListener("abort", wake);
    try {
      while (true) {
        signal.throwIfAborted();
        if (follower.kept.length > 0 || follower.skipped > 0) {
          const { skipped } = follower;
          const records = follower.kept.slice(-follower.limit);
          const batch = { records, skipped: skipped + follower.kept.length - records.length };
          follower.kept = [];
          follower.skipped = 0;
          yield batch;
          continue;
        }
        if (isClosed) return;
        await new Promise<void>((resolve) => {
          follower.wake = resolve;
        });
        follower.wake = null;
      }
    } finally {
      signal.removeEventListener("abort", wake);
      followers.delete(follower);
    }
  }

  return {
    hasFollowers: () => followers.size > 0,
    publish(records, receivedAtMs, idOf) {
      for (const follower of followers) {
        for (const [index, record] of records.entries()) {
          if (!follower.matches(record)) continue;
          const placed = idOf(index);
          if (placed === null) continue;
          follower.kept.push({ ...record, ...placed, receivedAtMs });
          // Cut now and then, not at every record.
          if (follower.kept.length >= 2 * follower.limit) {
            follower.skipped += follower.kept.length - follower.limit;
            follower.kept = follower.kept.slice(-follower.limit);
          }
        }
        if (follower.kept.length > 0) follower.wake?.();
      }
    },
    tail({ condition, scope, limit, signal }) {
      const isAsked = logMatcher(condition);
      const isSeen = (record: NewLogRecord) => scope.kind === "all" || record.customer === scope.customer;
      const follower: Follower = {
        matches: (record) => isSeen(record) && isAsked(record),
        limit,
        kept: [],
        skipped: 0,
        wake: null,
      };
      followers.add(follower);
      // Who never asks for the first records still has to be forgotten.
      signal.addEventListener("abort", () => followers.delete(follower), { once: true });
      return follow(follower, signal);
    },
    close() {
      isClosed = true;
      for (const follower of followers) follower.wake?.();
    },
  };
}
