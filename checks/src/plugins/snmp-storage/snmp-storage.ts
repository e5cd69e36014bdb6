import { formatBytes, rounded } from "../../plugin/format-quantity.ts";
import type { Plugin } from "../../plugin/plugin.ts";
import { report } from "../../plugin/report.ts";
import {
  crossedThreshold,
  judge,
  perfdataThresholds,
  type Thresholds,
  thresholdsFrom,
} from "../../plugin/thresholds.ts";
import { worstOf } from "../../plugin-api/return-code.ts";
import { SNMP_NOTES, SNMP_OPTIONS } from "../../snmp/snmp-options.ts";
import { walkTable } from "../../snmp/walk.ts";
import { withSession } from "../../snmp/with-session.ts";
import { isRealDisk, type StorageRow, storageColumns, toStorageRow } from "./storage-row.ts";

/** How full a device's disks are, and its memory when asked for. */
export const snmpStorage = {
  name: "snmp-storage",
  summary: "how full a device's disks and memory are, by SNMP (HOST-RESOURCES)",
  notes:
    "Fixed disks unless -n or -T say otherwise, without what a kernel makes up (/run, /sys, /dev). Sizes are in the device's allocation units, and those of large disks that come as negative numbers are read as " +
    `what they are. Without thresholds it is WARNING above 90% and CRITICAL above 95%.\n${SNMP_NOTES}`,
  options: [
    ...SNMP_OPTIONS,
    {
      letter: "n",
      name: "name",
      value: "NAME",
      isRepeatable: true,
      description: "only this one, as the device calls it, e.g. / or C:\\",
    },
    {
      letter: "T",
      name: "type",
      value: "TYPE",
      isRepeatable: true,
      choices: ["disk", "memory", "removable", "network", "other"],
      description: "stores of this type instead of disks",
    },
    { letter: "w", name: "warning", value: "RANGE", default: "90", description: "percent used" },
    { letter: "c", name: "critical", value: "RANGE", default: "95", description: "percent used" },
  ],
  examples: [
    { arguments: "-H nas1.example.org -w 80 -c 90", description: "every fixed disk" },
    { arguments: "-H nas1.example.org -n /volume1", description: "one of them" },
  ],
  async run(options, context) {
    const thresholds = thresholdsFrom(options);
    const names = options.texts("name");
    options.text("type");
    const wanted = options.texts("type");
    return await withSession("snmp-storage", options, context, async (session) => {
      const table = await walkTable(session, Object.values(storageColumns), context.signal);
      const all = [...table].flatMap(([index, values]) => toStorageRow(index, values) ?? []);
      const missing = names.filter((name) => !all.some((row) => row.name === name || row.index === name));
      if (missing.length > 0) return report("snmp-storage", 2, `no such storage: ${missing.join(", ")}`);
      const types = wanted.length === 0 ? ["disk"] : wanted;
      const rows = all.filter((row) =>
        names.length > 0
          ? names.includes(row.name) || names.includes(row.index)
          : types.includes(row.type) && (row.type !== "disk" || isRealDisk(row)),
      );
      if (rows.length === 0)
        return report("snmp-storage", 3, `the device shows no storage of type ${types.join(", ")}`);
      const judged = rows.map((row) => judgeRow(row, thresholds)).sort((a, b) => b.returnCode - a.returnCode);
      return report(
        "snmp-storage",
        worstOf(judged.map((one) => one.returnCode)),
        judged.map((one) => one.text).join("; "),
        { perfdata: judged.flatMap((one) => one.perfdata) },
      );
    });
  },
} satisfies Plugin;

function judgeRow({ name, sizeBytes, usedBytes }: StorageRow, thresholds: Thresholds) {
  const percent = rounded((usedBytes / sizeBytes) * 100, 1);
  const returnCode = judge(percent, thresholds);
  const crossed = crossedThreshold(returnCode, thresholds, "%");
  return {
    returnCode,
    text: `${name} ${percent}% of ${formatBytes(sizeBytes)} used${crossed}`,
    perfdata: [
      { label: name, value: percent, unit: "%", ...perfdataThresholds(thresholds), min: 0, max: 100 },
      { label: `${name}_used`, value: usedBytes, unit: "B", min: 0, max: sizeBytes },
    ],
  };
}
