import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { readText } from "../read-kernel-file.ts";

/** The load averages (/proc/loadavg). */
export function createLoadavgCollector({ procRoot }: CollectorPlaces): Collector {
  function collect() {
    const [one, five, fifteen] = readText(`${procRoot}/loadavg`).split(" ").map(Number);
    const families = new Families();
    families.gaugeIf("node_load1", "1m load average.", one);
    families.gaugeIf("node_load5", "5m load average.", five);
    families.gaugeIf("node_load15", "15m load average.", fifteen);
    return families.list();
  }
  return { name: "loadavg", isDefault: true, collect };
}
