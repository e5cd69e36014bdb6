import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { readText, rowsOf } from "../read-kernel-file.ts";

/** How many neighbours each device knows (/proc/net/arp). */
export function createArpCollector({ procRoot }: CollectorPlaces): Collector {
  function collect() {
    const counts = new Map<string, number>();
    for (const row of rowsOf(readText(`${procRoot}/net/arp`))) {
      const device = row.at(-1);
      if (row.length >= 6 && row[0] !== "IP" && device !== undefined) counts.set(device, (counts.get(device) ?? 0) + 1);
    }
    const families = new Families();
    for (const [device, count] of counts)
      families.gauge("node_arp_entries", "ARP entries by device.", count, { device });
    return families.list();
  }
  return { name: "arp", isDefault: true, collect };
}
