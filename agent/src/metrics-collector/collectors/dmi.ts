import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { readWord } from "../read-kernel-file.ts";

const files = [
  ..."bios_date bios_release bios_vendor bios_version".split(" "),
  ..."board_asset_tag board_name board_serial board_vendor board_version".split(" "),
  ..."chassis_asset_tag chassis_serial chassis_vendor chassis_version".split(" "),
  ..."product_family product_name product_serial product_sku product_uuid product_version".split(" "),
  "sys_vendor",
];

/** What the firmware says of the machine (/sys/class/dmi). Read once: it changes with the machine. */
export function createDmiCollector({ sysRoot }: CollectorPlaces): Collector {
  let labels: Record<string, string> | undefined;

  function collect() {
    labels ??= readLabels(`${sysRoot}/class/dmi/id`);
    if (Object.keys(labels).length === 0) return undefined;
    const families = new Families();
    families.gauge("node_dmi_info", "What the firmware says of the machine.", 1, labels);
    return families.list();
  }
  return { name: "dmi", isDefault: true, collect };
}

function readLabels(folder: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const file of files) {
    const value = readWord(`${folder}/${file}`);
    if (value !== undefined) labels[file === "sys_vendor" ? "system_vendor" : file] = value;
  }
  return labels;
}
