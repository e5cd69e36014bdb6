import type { ConsoleEvent } from "@mycloud/protocol/event";

type Type = ConsoleEvent["type"];

const windowMs = 500;
const maximumIds = 500;

interface Pending {
  ids: Set<number> | null;
  timer: ReturnType<typeof setTimeout>;
  isEmpty: boolean;
}

interface CollectEventsOptions {
  readonly now: () => number;
  readonly emit: (event: ConsoleEvent) => void;
}

/**
 * Thins out changes to at most two events a second of each type: the first goes out at once, what follows within half a second is one
 * event with all ids, or null when there are more than 500. `stop` drops what waits.
 */
export function collectEvents({ now, emit }: CollectEventsOptions): {
  add(type: Type, ids: readonly number[] | null): void;
  stop(): void;
} {
  const pending = new Map<Type, Pending>();

  function openWindow(type: Type): void {
    const timer = setTimeout(() => {
      const waited = pending.get(type);
      pending.delete(type);
      if (waited === undefined || waited.isEmpty) return;
      openWindow(type);
      emit({ type, ids: waited.ids === null ? null : [...waited.ids], atMs: now() });
    }, windowMs);
    timer.unref();
    pending.set(type, { ids: new Set(), timer, isEmpty: true });
  }

  return {
    add(type, ids) {
      const waiting = pending.get(type);
      if (waiting === undefined) {
        openWindow(type);
        emit({ type, ids: ids === null || ids.length > maximumIds ? null : [...ids], atMs: now() });
        return;
      }
      waiting.isEmpty = false;
      if (ids === null) waiting.ids = null;
      else for (const id of ids) waiting.ids?.add(id);
      if (waiting.ids !== null && waiting.ids.size > maximumIds) waiting.ids = null;
    },
    stop() {
      for (const { timer } of pending.values()) clearTimeout(timer);
      pending.clear();
    },
  };
}
