import { formatBytes, rounded } from "../../plugin/format-quantity.ts";
import type { Plugin } from "../../plugin/plugin.ts";
import { report } from "../../plugin/report.ts";
import { crossedThreshold, judge, perfdataThresholds, thresholdsFrom } from "../../plugin/thresholds.ts";
import type { Perfdatum } from "../../plugin-api/perfdata.ts";
import { readCgroupMemory } from "../../proc/cgroup-memory.ts";
import { readMemoryInfo } from "../../proc/memory-info.ts";

/** Memory that programs hold and the kernel could not hand out again. */
export const memory = {
  name: "memory",
  summary: "memory in use, not counting what the kernel would give back",
  notes:
    "Used is MemTotal - MemAvailable of /proc/meminfo: page cache counts as free. Where a control group (a container, a systemd " +
    "unit) allows less than the machine has, the share of that limit is judged as well, and the higher of the two decides.",
  options: [
    { letter: "w", name: "warning", value: "RANGE", default: "90", description: "percent of memory in use" },
    { letter: "c", name: "critical", value: "RANGE", default: "95", description: "percent of memory in use" },
    { name: "ignore-cgroup", description: "judge the machine alone, not the limit this process runs under" },
  ],
  examples: [
    { arguments: "-w 80 -c 90", description: "earlier than the default" },
    { arguments: "-v", description: "with cache, buffers and shared memory on a line of their own" },
  ],
  async run(options, context) {
    const thresholds = thresholdsFrom(options);
    const info = readMemoryInfo(context.procRoot);
    const usedBytes = info.totalBytes - info.availableBytes;
    const machinePercent = rounded((usedBytes / info.totalBytes) * 100, 2);
    const cgroup = options.isGiven("ignore-cgroup") ? undefined : readCgroupMemory(context.procRoot, context.sysRoot);
    const limited = cgroup !== undefined && cgroup.limitBytes < info.totalBytes ? cgroup : undefined;
    const limitPercent = limited === undefined ? 0 : rounded((limited.usedBytes / limited.limitBytes) * 100, 2);
    const isLimitWorse = limited !== undefined && limitPercent > machinePercent;
    const percent = isLimitWorse ? limitPercent : machinePercent;
    const returnCode = judge(percent, thresholds);
    const machine = `${formatBytes(usedBytes)} of ${formatBytes(info.totalBytes)}`;
    const limit =
      limited === undefined
        ? ""
        : `${formatBytes(limited.usedBytes)} of the cgroup's ${formatBytes(limited.limitBytes)}`;
    const [first, second] = isLimitWorse
      ? [limit, `; machine ${machine}`]
      : [machine, limit === "" ? "" : `; ${limit}`];
    const crossed = crossedThreshold(returnCode, thresholds, "%");
    const available = isLimitWorse ? "" : `, ${formatBytes(info.availableBytes)} available`;
    return report("memory", returnCode, `${percent.toFixed(1)}% used${crossed}: ${first}${available}${second}`, {
      perfdata: [
        { label: "used_percent", value: percent, unit: "%", ...perfdataThresholds(thresholds), min: 0, max: 100 },
        bytes("used", usedBytes, info.totalBytes),
        bytes("available", info.availableBytes, info.totalBytes),
        bytes("cached", info.cachedBytes, info.totalBytes),
        ...(limited === undefined ? [] : [bytes("cgroup_used", limited.usedBytes, limited.limitBytes)]),
      ],
      longOutput: options.isGiven("verbose")
        ? [
            `free ${formatBytes(info.freeBytes)}, cached ${formatBytes(info.cachedBytes)}, ` +
              `buffers ${formatBytes(info.buffersBytes)}, shared ${formatBytes(info.sharedBytes)}`,
          ]
        : [],
    });
  },
} satisfies Plugin;

function bytes(label: string, value: number, max: number): Perfdatum {
  return { label, value, unit: "B", min: 0, max };
}
