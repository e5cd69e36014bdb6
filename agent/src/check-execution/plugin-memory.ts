/** What plugins keep between two runs of the same check (counters, so that rates span the interval). */
export interface PluginMemory {
  of(key: number, definition: string): Map<string, unknown>;
  /** Forgets checks that are not configured any more. */
  keepOnly(keys: Iterable<number>): void;
}

/** Makes an empty memory. A check whose definition changed starts afresh. */
export function createPluginMemory(): PluginMemory {
  const entries = new Map<number, { definition: string; memory: Map<string, unknown> }>();
  return {
    of(key, definition) {
      const entry = entries.get(key);
      if (entry?.definition === definition) return entry.memory;
      const memory = new Map<string, unknown>();
      entries.set(key, { definition, memory });
      return memory;
    },
    keepOnly(keys) {
      const kept = new Set(keys);
      for (const key of entries.keys()) if (!kept.has(key)) entries.delete(key);
    },
  };
}
