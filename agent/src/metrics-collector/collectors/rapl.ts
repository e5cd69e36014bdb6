import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { listNames, readNumber, readWord } from "../read-kernel-file.ts";

/** Energy that processors and memory used (/sys/class/powercap). */
export function createRaplCollector({ sysRoot }: CollectorPlaces): Collector {
  function collect() {
    const folder = `${sysRoot}/class/powercap`;
    const families = new Families();
    const used = new Map<string, number>();
    for (const zone of listNames(folder) ?? []) {
      const path = `${folder}/${zone}`;
      const zoneName = readWord(`${path}/name`);
      if (zoneName === undefined) continue;
      const [, named, number] = /^([^-]*)-(\d+)$/.exec(zoneName) ?? [];
      const name = named ?? zoneName;
      const index = number ?? String(used.get(zoneName) ?? 0);
      if (number === undefined) used.set(zoneName, Number(index) + 1);
      // Only root may read it, since it betrays what runs.
      const microjoules = readNumber(`${path}/energy_uj`);
      if (microjoules === undefined) continue;
      const metric = `node_rapl_${name.replace(/[^a-zA-Z0-9_]/g, "_")}_joules_total`;
      families.counter(metric, `Energy used by ${name}, in joules.`, microjoules / 1e6, { index, path });
    }
    const list = families.list();
    return list.length === 0 ? undefined : list;
  }
  return { name: "rapl", isDefault: true, collect };
}
