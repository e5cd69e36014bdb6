import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { listNames, readNumber, readWord } from "../read-kernel-file.ts";

/** Thermal zones and what cools them (/sys/class/thermal). */
export function createThermalZoneCollector({ sysRoot }: CollectorPlaces): Collector {
  function collect() {
    const folder = `${sysRoot}/class/thermal`;
    const names = listNames(folder);
    if (names === undefined) return undefined;
    const families = new Families();
    for (const entry of names) {
      const [, kind, number = ""] = /^(thermal_zone|cooling_device)(\d+)$/.exec(entry) ?? [];
      if (kind === undefined) continue;
      const path = `${folder}/${entry}`;
      const type = readWord(`${path}/type`) ?? "";
      if (kind === "thermal_zone") {
        const temperature = readNumber(`${path}/temp`);
        if (temperature === undefined) continue;
        families.gauge("node_thermal_zone_temp", "Degrees Celsius.", temperature / 1000, { zone: number, type });
        continue;
      }
      const labels = { name: number, type };
      const current = readNumber(`${path}/cur_state`);
      families.gaugeIf("node_cooling_device_cur_state", "How much it cools now.", current, labels);
      const maximum = readNumber(`${path}/max_state`);
      families.gaugeIf("node_cooling_device_max_state", "How much it can cool.", maximum, labels);
    }
    return families.list();
  }
  return { name: "thermal_zone", isDefault: true, collect };
}
