/** What plugins keep between two runs of the same service (counters, so that rates span the interval). */
export interface PluginMemory {
  of(serviceId: number, definition: string): Map<string, unknown>;
  /** Forgets services that are not configured any more. */
  keepOnly(serviceIds: Iterable<number>): void;
}

/** Makes an empty memory. A service whose definition changed starts afresh. */
export function createPluginMemory(): PluginMemory {
  const entries = new Map<number, { definition: string; memory: Map<string, unknown> }>();
  return {
    of(serviceId, definition) {
      const entry = entries.get(serviceId);
      if (entry?.definition === definition) return entry.memory;
      const memory = new Map<string, unknown>();
      entries.set(serviceId, { definition, memory });
      return memory;
    },
    keepOnly(serviceIds) {
      const kept = new Set(serviceIds);
      for (const serviceId of entries.keys()) if (!kept.has(serviceId)) entries.delete(serviceId);
    },
  };
}
