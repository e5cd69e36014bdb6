import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { readWord, rowsOf } from "../read-kernel-file.ts";

/** How long processes ran and waited on each processor (/proc/schedstat, where the kernel has it). */
export function createSchedstatCollector({ procRoot }: CollectorPlaces): Collector {
  function collect() {
    const text = readWord(`${procRoot}/schedstat`);
    if (text === undefined) return undefined;
    const families = new Families();
    for (const row of rowsOf(text)) {
      const cpu = /^cpu(\d+)$/.exec(row[0] ?? "")?.[1];
      if (cpu === undefined || row.length < 10) continue;
      const labels = { cpu };
      const running = "Seconds the processor ran processes.";
      const waiting = "Seconds processes waited for the processor.";
      families.counter("node_schedstat_running_seconds_total", running, Number(row[7]) / 1e9, labels);
      families.counter("node_schedstat_waiting_seconds_total", waiting, Number(row[8]) / 1e9, labels);
      families.counter("node_schedstat_timeslices_total", "Timeslices the processor executed.", Number(row[9]), labels);
    }
    return families.list();
  }
  return { name: "schedstat", isDefault: true, collect };
}
