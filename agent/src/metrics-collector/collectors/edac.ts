import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { listNames, readNumber } from "../read-kernel-file.ts";

/** Errors of memory, by memory controller and row (/sys/devices/system/edac). */
export function createEdacCollector({ sysRoot }: CollectorPlaces): Collector {
  function collect() {
    const families = new Families();
    const folder = `${sysRoot}/devices/system/edac/mc`;
    for (const name of listNames(folder) ?? []) {
      const controller = /^mc(\d+)$/.exec(name)?.[1];
      if (controller === undefined) continue;
      const path = `${folder}/${name}`;
      const labels = { controller };
      const corrected = readNumber(`${path}/ce_count`);
      families.counterIf("node_edac_correctable_errors_total", "Errors that were corrected.", corrected, labels);
      const uncorrected = readNumber(`${path}/ue_count`);
      families.counterIf(
        "node_edac_uncorrectable_errors_total",
        "Errors that could not be corrected.",
        uncorrected,
        labels,
      );
      addRow(families, path, "_noinfo_count", { controller, csrow: "unknown" });
      for (const row of listNames(path) ?? []) {
        const csrow = /^csrow(\d+)$/.exec(row)?.[1];
        if (csrow !== undefined) addRow(families, `${path}/${row}`, "_count", { controller, csrow });
      }
    }
    return families.list();
  }
  return { name: "edac", isDefault: true, collect };
}

function addRow(families: Families, path: string, ending: string, labels: Readonly<Record<string, string>>): void {
  const corrected = readNumber(`${path}/ce${ending}`);
  families.counterIf(
    "node_edac_csrow_correctable_errors_total",
    "Errors of a row that were corrected.",
    corrected,
    labels,
  );
  const uncorrected = readNumber(`${path}/ue${ending}`);
  const help = "Errors of a row that could not be corrected.";
  families.counterIf("node_edac_csrow_uncorrectable_errors_total", help, uncorrected, labels);
}
