import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { readWord } from "../read-kernel-file.ts";

/** Bonded devices and how many of their members are up. */
export function createBondingCollector({ sysRoot }: CollectorPlaces): Collector {
  function collect() {
    const folder = `${sysRoot}/class/net`;
    const masters = readWord(`${folder}/bonding_masters`);
    if (masters === undefined) return undefined;
    const families = new Families();
    for (const master of masters.split(/\s+/).filter((name) => name !== "")) {
      const members = (readWord(`${folder}/${master}/bonding/slaves`) ?? "").split(/\s+/).filter((name) => name !== "");
      const isUp = (member: string) =>
        // Older kernels write slave_.
        ["lower", "slave"].some(
          (kind) => readWord(`${folder}/${master}/${kind}_${member}/bonding_slave/mii_status`) === "up",
        );
      families.gauge("node_bonding_slaves", "Members of the bond.", members.length, { master });
      families.gauge("node_bonding_active", "Members that are up.", members.filter(isUp).length, { master });
    }
    return families.list();
  }
  return { name: "bonding", isDefault: true, collect };
}
