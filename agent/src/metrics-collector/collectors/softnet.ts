import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { readText, rowsOf } from "../read-kernel-file.ts";

/** Hexadecimal columns of net/core/net-procfs.c. */
const columns = [
  [0, "node_softnet_processed_total", "Packets processed."],
  [1, "node_softnet_dropped_total", "Packets dropped."],
  [2, "node_softnet_times_squeezed_total", "How often processing packets ran out of quota."],
  [9, "node_softnet_received_rps_total", "How often another processor woke this one to process packets."],
  [10, "node_softnet_flow_limit_count_total", "How often a flow's limit was reached."],
] as const;

/** What each processor did with received packets (/proc/net/softnet_stat). */
export function createSoftnetCollector({ procRoot }: CollectorPlaces): Collector {
  function collect() {
    const families = new Families();
    let cpu = 0;
    for (const row of rowsOf(readText(`${procRoot}/net/softnet_stat`))) {
      const labels = { cpu: String(cpu++) };
      for (const [column, name, help] of columns) {
        const word = row[column];
        if (word !== undefined) families.counter(name, help, Number.parseInt(word, 16), labels);
      }
    }
    return families.list();
  }
  return { name: "softnet", isDefault: true, collect };
}
