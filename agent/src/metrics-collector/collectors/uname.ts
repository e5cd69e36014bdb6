import { machine } from "node:os";
import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { readText, readWord } from "../read-kernel-file.ts";

/** What uname(2) says (/proc/sys/kernel): dashboards find hosts by it. */
export function createUnameCollector({ procRoot }: CollectorPlaces): Collector {
  function collect() {
    const of = (file: string) => readText(`${procRoot}/sys/kernel/${file}`).trim();
    const families = new Families();
    families.gauge("node_uname_info", "What uname says of the machine.", 1, {
      sysname: of("ostype"),
      release: of("osrelease"),
      version: of("version"),
      // The file came with kernel 6.1.
      machine: readWord(`${procRoot}/sys/kernel/arch`) ?? machine(),
      nodename: of("hostname"),
      domainname: of("domainname"),
    });
    return families.list();
  }
  return { name: "uname", isDefault: true, collect };
}
