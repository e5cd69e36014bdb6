import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { numberOf, readText } from "../read-kernel-file.ts";

const fields = [
  ["intr", "counter", "node_intr_total", "Interrupts serviced."],
  ["ctxt", "counter", "node_context_switches_total", "Context switches."],
  ["processes", "counter", "node_forks_total", "Processes begun."],
  ["btime", "gauge", "node_boot_time_seconds", "When the machine booted, in seconds since 1970."],
  ["procs_running", "gauge", "node_procs_running", "Processes that could run."],
  ["procs_blocked", "gauge", "node_procs_blocked", "Processes that wait for input or output."],
] as const;

/** Boot time, context switches, forks (/proc/stat). */
export function createStatCollector({ procRoot }: CollectorPlaces): Collector {
  function collect() {
    const families = new Families();
    const text = readText(`${procRoot}/stat`);
    for (const [field, type, name, help] of fields) {
      const start = text.indexOf(`\n${field} `);
      const value =
        start === -1 ? undefined : numberOf(/\d+/.exec(text.slice(start + field.length + 2, start + 64))?.[0]);
      if (type === "counter") families.counterIf(name, help, value);
      else families.gaugeIf(name, help, value);
    }
    return families.list();
  }
  return { name: "stat", isDefault: true, collect };
}
