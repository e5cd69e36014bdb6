import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { readText, rowsOf } from "../read-kernel-file.ts";

/** Interrupts by kind and processor (/proc/interrupts). Many series on large machines. */
export function createInterruptsCollector({ procRoot }: CollectorPlaces, isDefault: boolean): Collector {
  function collect() {
    const families = new Families();
    const [head = [], ...rows] = rowsOf(readText(`${procRoot}/interrupts`));
    for (const [key = "", ...row] of rows) {
      const values = row.slice(0, head.length);
      // ERR and MIS have one figure for all.
      if (row.length < head.length + 1) continue;
      const type = key.replace(/:$/, "");
      const words = row.slice(head.length);
      const isNumbered = /^\d+$/.test(type);
      const info = isNumbered ? (words[0] ?? "") : words.join(" ");
      const devices = isNumbered ? words.slice(1).join(" ") : "";
      for (const [cpu, value] of values.entries()) {
        families.counter("node_interrupts_total", "Interrupts by kind and processor.", Number(value), {
          cpu: String(cpu),
          type,
          info,
          devices,
        });
      }
    }
    return families.list();
  }
  return { name: "interrupts", isDefault, collect };
}
