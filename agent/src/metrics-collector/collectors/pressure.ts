import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { numberOf, readWord } from "../read-kernel-file.ts";

const measures = [
  ["cpu", "some", "cpu_waiting", "processes waited for a processor"],
  ["io", "some", "io_waiting", "processes waited for input and output"],
  ["io", "full", "io_stalled", "no process could go on because of input and output"],
  ["memory", "some", "memory_waiting", "processes waited for memory"],
  ["memory", "full", "memory_stalled", "no process could go on because of memory"],
  ["irq", "full", "irq_stalled", "no process could go on because of interrupts"],
] as const;

/** Pressure stall information (/proc/pressure, kernel 4.20 and later; irq since 6.1). */
export function createPressureCollector({ procRoot }: CollectorPlaces): Collector {
  function collect() {
    const families = new Families();
    for (const [file, kind, name, what] of measures) {
      const text = readWord(`${procRoot}/pressure/${file}`) ?? "";
      const microseconds = numberOf(new RegExp(`^${kind} .*total=(\\d+)`, "m").exec(text)?.[1]);
      if (microseconds === undefined) continue;
      families.counter(`node_pressure_${name}_seconds_total`, `Seconds in which ${what}.`, microseconds / 1e6);
    }
    const list = families.list();
    return list.length === 0 ? undefined : list;
  }
  return { name: "pressure", isDefault: true, collect };
}
