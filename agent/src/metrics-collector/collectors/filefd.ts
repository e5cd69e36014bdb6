import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { numberOf, readText } from "../read-kernel-file.ts";

/** Open files of the whole machine (/proc/sys/fs/file-nr). */
export function createFilefdCollector({ procRoot }: CollectorPlaces): Collector {
  function collect() {
    const [allocated, , maximum] = readText(`${procRoot}/sys/fs/file-nr`).trim().split(/\s+/);
    const families = new Families();
    families.gaugeIf("node_filefd_allocated", "File descriptors allocated.", numberOf(allocated));
    families.gaugeIf("node_filefd_maximum", "File descriptors there may be.", numberOf(maximum));
    return families.list();
  }
  return { name: "filefd", isDefault: true, collect };
}
