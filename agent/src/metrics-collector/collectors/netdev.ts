import type { MetricLabels } from "@mycloud/protocol/exposition";
import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { numberOf, readNumber, readText } from "../read-kernel-file.ts";

/** The columns behind the name. The kernel adds up what some of them mean, as node_exporter does. */
const columns = [
  ["receive_bytes", "receive_packets", "receive_errs", "receive_drop"],
  ["receive_fifo", "receive_frame", "receive_compressed", "receive_multicast"],
  ["transmit_bytes", "transmit_packets", "transmit_errs", "transmit_drop"],
  ["transmit_fifo", "transmit_colls", "transmit_carrier", "transmit_compressed"],
]
  .flat()
  .map((key) => ({ name: `node_network_${key}_total`, help: `Network device statistic ${key}.` }));

/** What each network device received and sent (/proc/net/dev). */
export function createNetdevCollector({ procRoot, sysRoot }: CollectorPlaces): Collector {
  const labelsOf = new Map<string, MetricLabels>();

  function collect() {
    const families = new Families();
    for (const line of readText(`${procRoot}/net/dev`).split("\n")) {
      // A device's name may hold a colon (an alias), its figures none.
      const colon = line.lastIndexOf(":");
      if (colon === -1) continue;
      const device = line.slice(0, colon).trim();
      const labels = labelsOf.get(device) ?? { device };
      labelsOf.set(device, labels);
      const words = line
        .slice(colon + 1)
        .trim()
        .split(/\s+/);
      for (const [index, { name, help }] of columns.entries()) {
        families.counterIf(name, help, numberOf(words[index]), labels);
      }
      const nohandler = readNumber(`${sysRoot}/class/net/${device}/statistics/rx_nohandler`);
      const help = "Network device statistic receive_nohandler.";
      families.counterIf("node_network_receive_nohandler_total", help, nohandler, labels);
    }
    // Containers come and go, and with them their devices.
    if (labelsOf.size > 4_096) labelsOf.clear();
    return families.list();
  }
  return { name: "netdev", isDefault: true, collect };
}
