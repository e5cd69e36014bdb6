import { measureGrowth } from "../../plugin/counter-rates.ts";
import { formatBytes, rounded } from "../../plugin/format-quantity.ts";
import type { Plugin } from "../../plugin/plugin.ts";
import { report } from "../../plugin/report.ts";
import { crossedThreshold, judge, perfdataThresholds, thresholdsFrom } from "../../plugin/thresholds.ts";
import type { Perfdatum } from "../../plugin-api/perfdata.ts";
import { worstOf } from "../../plugin-api/return-code.ts";
import { DISK_COUNTER_NAMES, readDiskCounters, SECTOR_BYTES } from "../../proc/disk-counters.ts";

/** How busy disks are, and how long requests take. */
export const diskio = {
  name: "diskio",
  summary: "how busy disks are: utilisation, latency, bytes and requests per second",
  notes:
    "In the agent the figures are over the time since the last run, by hand over one second. Utilisation is the share of time with at " +
    "least one request under way; an SSD at 100% may still have room, so judge it together with the latency. Without thresholds the " +
    "result is OK and informs only.",
  options: [
    { letter: "w", name: "warning", value: "RANGE", description: "percent utilisation" },
    { letter: "c", name: "critical", value: "RANGE", description: "percent utilisation" },
    { name: "latency-warning", value: "RANGE", description: "milliseconds an average request took" },
    { name: "latency-critical", value: "RANGE", description: "milliseconds an average request took" },
    {
      letter: "d",
      name: "device",
      value: "NAME",
      isRepeatable: true,
      description: "only this device, e.g. sda or dm-0; partitions too",
    },
  ],
  examples: [
    { arguments: "-w 90 -c 98", description: "every disk, by utilisation" },
    { arguments: "-d nvme0n1 --latency-warning 20 --latency-critical 100", description: "one disk, by latency" },
  ],
  async run(options, context) {
    const busyLimits = thresholdsFrom(options);
    const latencyLimits = thresholdsFrom(options, "latency-warning", "latency-critical");
    const wanted = options.texts("device").map((name) => name.replace(/^\/dev\//, ""));
    const { growth, seconds } = await measureGrowth(context, () =>
      readDiskCounters(context.procRoot, context.sysRoot, wanted.length > 0),
    );
    const missing = wanted.filter((name) => !growth.has(name));
    if (missing.length > 0) return report("diskio", 3, `no such disk: ${missing.join(", ")}`);
    const names = wanted.length > 0 ? wanted : [...growth.keys()];
    if (names.length === 0) return report("diskio", 3, "this host shows no disks");

    const disks = names.map((name) => {
      const rates = toRates(growth.get(name) ?? [], seconds);
      const busyCode = judge(rates.busyPercent, busyLimits);
      const latencyCode = judge(rates.latencyMs, latencyLimits);
      const text =
        `${name} ${rates.busyPercent.toFixed(1)}% busy${crossedThreshold(busyCode, busyLimits, "%")}, ` +
        `${rates.latencyMs} ms per request${crossedThreshold(latencyCode, latencyLimits, " ms")}, ` +
        `read ${formatBytes(rates.readBytes)}/s, written ${formatBytes(rates.writtenBytes)}/s`;
      return { name, rates, text, returnCode: worstOf([busyCode, latencyCode]) };
    });
    // The busiest first: on a host with forty disks only the first few are read.
    disks.sort((a, b) => b.returnCode - a.returnCode || b.rates.busyPercent - a.rates.busyPercent);
    const shown = disks.slice(0, 4).map((disk) => disk.text);
    const hidden = disks.length - shown.length;
    return report(
      "diskio",
      worstOf(disks.map((disk) => disk.returnCode)),
      [...shown, ...(hidden > 0 ? [`${hidden} more`] : [])].join("; "),
      {
        perfdata: disks.flatMap(({ name, rates }): Perfdatum[] => [
          {
            label: `${name}_util`,
            value: rates.busyPercent,
            unit: "%",
            ...perfdataThresholds(busyLimits),
            min: 0,
            max: 100,
          },
          { label: `${name}_await`, value: rates.latencyMs, unit: "ms", ...perfdataThresholds(latencyLimits), min: 0 },
          { label: `${name}_read`, value: rates.readBytes, unit: "B", min: 0 },
          { label: `${name}_written`, value: rates.writtenBytes, unit: "B", min: 0 },
          { label: `${name}_iops`, value: rates.requests, unit: "", min: 0 },
        ]),
        longOutput: options.isGiven("verbose") ? disks.map((disk) => disk.text) : [],
      },
    );
  },
} satisfies Plugin;

/** Bytes and requests are per second. */
interface DiskRates {
  readonly busyPercent: number;
  readonly latencyMs: number;
  readonly readBytes: number;
  readonly writtenBytes: number;
  readonly requests: number;
}

function toRates(growth: readonly number[], seconds: number): DiskRates {
  const of = (name: (typeof DISK_COUNTER_NAMES)[number]): number => growth[DISK_COUNTER_NAMES.indexOf(name)] ?? 0;
  const requests = of("reads") + of("writes");
  return {
    busyPercent: Math.min(100, rounded(of("busyMs") / 10 / seconds, 2)),
    latencyMs: requests === 0 ? 0 : rounded((of("readMs") + of("writeMs")) / requests, 2),
    readBytes: Math.round((of("readSectors") * SECTOR_BYTES) / seconds),
    writtenBytes: Math.round((of("writtenSectors") * SECTOR_BYTES) / seconds),
    requests: rounded(requests / seconds, 2),
  };
}
