import type { ConsoleEvent } from "@mycloud/protocol/event";

/**
 * Tells the rest of this process that something was committed: the event stream, the agents' streams, caches. Call after the commit,
 * never inside the transaction. Other control planes learn of it from the database within a second.
 */
export interface ChangeBus {
  publish(type: ConsoleEvent["type"], ids: readonly number[] | null): void;
  /** Returns what ends the subscription. */
  subscribe(listener: (type: ConsoleEvent["type"], ids: readonly number[] | null) => void): () => void;
}
