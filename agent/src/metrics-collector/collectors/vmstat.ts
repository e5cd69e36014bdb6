import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { readText } from "../read-kernel-file.ts";

const wanted = /^(?:(?:oom_kill|pgpg|pswp)\S*|pg\S*fault\S*) \d+$/gm;

/** Faults, paging, swapping and the OOM killer (/proc/vmstat). */
export function createVmstatCollector({ procRoot }: CollectorPlaces): Collector {
  function collect() {
    const families = new Families();
    for (const [line] of readText(`${procRoot}/vmstat`).matchAll(wanted)) {
      const [field = "", value] = line.split(" ");
      families.untyped(`node_vmstat_${field}`, `/proc/vmstat information field ${field}.`, Number(value));
    }
    return families.list();
  }
  return { name: "vmstat", isDefault: true, collect };
}
