import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { readNumber } from "../read-kernel-file.ts";

/** Tasks the kernel found hanging since boot (/proc/sys/kernel/hung_task_detect_count, kernel 6.14 and later). */
export function createHungTasksCollector({ procRoot }: CollectorPlaces): Collector {
  function collect() {
    const count = readNumber(`${procRoot}/sys/kernel/hung_task_detect_count`);
    if (count === undefined) return undefined;
    const families = new Families();
    families.counter("node_kernel_hung_tasks_total", "Tasks that were found hanging.", count);
    return families.list();
  }
  return { name: "kernel_hung", isDefault: true, collect };
}
