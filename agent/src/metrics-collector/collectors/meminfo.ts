import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { numberOf, readText, rowsOf } from "../read-kernel-file.ts";

/** Every figure of /proc/meminfo, those in kB as bytes. */
export function createMeminfoCollector({ procRoot }: CollectorPlaces): Collector {
  const names = new Map<string, string>();

  function collect() {
    const families = new Families();
    for (const [key = "", word, unit] of rowsOf(readText(`${procRoot}/meminfo`))) {
      const value = numberOf(word);
      if (value === undefined) continue;
      let name = names.get(key);
      if (name === undefined) {
        name = metricName(key, unit === "kB");
        names.set(key, name);
      }
      families.gauge(
        name,
        `Memory information field ${name.slice("node_memory_".length)}.`,
        unit === "kB" ? value * 1024 : value,
      );
    }
    return families.list();
  }
  return { name: "meminfo", isDefault: true, collect };
}

/** `Active(anon):` becomes Active_anon_bytes. */
function metricName(key: string, isBytes: boolean): string {
  const field = key
    .replace(/:$/, "")
    .replace(/\((.*)\)/, "_$1")
    .replace(/[^a-zA-Z0-9_]/g, "_");
  return `node_memory_${field}${isBytes ? "_bytes" : ""}`;
}
