import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { readNumber, readWord } from "../read-kernel-file.ts";

const modes: ReadonlyMap<string, number> = new Map([
  ["enforcing", 1],
  ["permissive", 0],
  ["disabled", -1],
]);

/** Whether SELinux is on and enforcing. */
export function createSelinuxCollector({ sysRoot, root }: CollectorPlaces): Collector {
  function collect() {
    const families = new Families();
    const enforce = readNumber(`${sysRoot}/fs/selinux/enforce`);
    families.gauge("node_selinux_enabled", "Whether SELinux is on.", enforce === undefined ? 0 : 1);
    if (enforce === undefined) return families.list();
    const configured = /^\s*SELINUX=(\w+)/m.exec(readWord(`${root}/etc/selinux/config`) ?? "")?.[1];
    families.gauge(
      "node_selinux_config_mode",
      "What is configured: 1 enforcing, 0 permissive.",
      modes.get(configured ?? "") ?? -1,
    );
    families.gauge("node_selinux_current_mode", "What holds now: 1 enforcing, 0 permissive.", enforce);
    return families.list();
  }
  return { name: "selinux", isDefault: true, collect };
}
