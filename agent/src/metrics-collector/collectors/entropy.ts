import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { readNumber } from "../read-kernel-file.ts";

/** The kernel's entropy (/proc/sys/kernel/random). */
export function createEntropyCollector({ procRoot }: CollectorPlaces): Collector {
  function collect() {
    const folder = `${procRoot}/sys/kernel/random`;
    const families = new Families();
    families.gaugeIf(
      "node_entropy_available_bits",
      "Bits of entropy there are.",
      readNumber(`${folder}/entropy_avail`),
    );
    families.gaugeIf("node_entropy_pool_size_bits", "Bits of entropy there can be.", readNumber(`${folder}/poolsize`));
    return families.list();
  }
  return { name: "entropy", isDefault: true, collect };
}
