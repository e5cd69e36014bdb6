import { measureGrowth } from "../../plugin/counter-rates.ts";
import { plural, rounded } from "../../plugin/format-quantity.ts";
import type { Plugin } from "../../plugin/plugin.ts";
import { report } from "../../plugin/report.ts";
import { crossedThreshold, judge, perfdataThresholds, thresholdsFrom } from "../../plugin/thresholds.ts";
import type { Perfdatum } from "../../plugin-api/perfdata.ts";
import { worstOf } from "../../plugin-api/return-code.ts";
import { CPU_TIME_NAMES, readCpuTimes } from "../../proc/cpu-times.ts";

/** CPU time since the last run, and what it went into. */
export const cpu = {
  name: "cpu",
  summary: "share of CPU time in use, with iowait and steal",
  notes:
    "In the agent the shares are over the time since the last run, by hand over one second. In use is everything but idle and iowait. " +
    "High steal means that the hypervisor gives the time to somebody else.",
  options: [
    { letter: "w", name: "warning", value: "RANGE", default: "85", description: "percent of CPU time in use" },
    { letter: "c", name: "critical", value: "RANGE", default: "95", description: "percent of CPU time in use" },
    { name: "iowait-warning", value: "RANGE", description: "percent of CPU time waiting for disks" },
    { name: "iowait-critical", value: "RANGE", description: "percent of CPU time waiting for disks" },
    { name: "steal-warning", value: "RANGE", description: "percent of CPU time taken by the hypervisor" },
    { name: "steal-critical", value: "RANGE", description: "percent of CPU time taken by the hypervisor" },
  ],
  examples: [
    { arguments: "-w 85 -c 95", description: "the defaults, written out" },
    { arguments: "--steal-warning 10", description: "a virtual machine that does not get its share" },
  ],
  async run(options, context) {
    const limits = {
      used: thresholdsFrom(options),
      iowait: thresholdsFrom(options, "iowait-warning", "iowait-critical"),
      steal: thresholdsFrom(options, "steal-warning", "steal-critical"),
    };
    const { growth } = await measureGrowth(context, () => readCpuTimes(context.procRoot));
    const all = growth.get("cpu");
    if (all === undefined) return report("cpu", 3, "the kernel's CPU counters went back between two readings");
    const percent = percentages(all);
    const figures = [
      { label: "used", value: percent.used, thresholds: limits.used },
      { label: "iowait", value: percent.iowait, thresholds: limits.iowait },
      { label: "steal", value: percent.steal, thresholds: limits.steal },
    ].map((figure) => ({ ...figure, returnCode: judge(figure.value, figure.thresholds) }));
    const returnCode = worstOf(figures.map((figure) => figure.returnCode));
    const text = figures
      .map((one) => `${one.value.toFixed(1)}% ${one.label}${crossedThreshold(one.returnCode, one.thresholds, "%")}`)
      .join(", ");
    const perCpu = [...growth].filter(([name]) => name !== "cpu");
    const others = ["user", "nice", "system", "irq", "softirq"] as const;
    return report("cpu", returnCode, `${text} on ${plural(perCpu.length, "CPU")}`, {
      perfdata: [
        ...figures.map((one): Perfdatum => percentDatum(one.label, one.value, perfdataThresholds(one.thresholds))),
        ...others.map((name) => percentDatum(name, percent[name])),
      ],
      longOutput: options.isGiven("verbose")
        ? perCpu.map(([name, times]) => `${name}: ${percentages(times).used.toFixed(1)}% used`)
        : [],
    });
  },
} satisfies Plugin;

type Shares = Record<(typeof CPU_TIME_NAMES)[number] | "used", number>;

function percentages(ticks: readonly number[]): Shares {
  const total = ticks.reduce((sum, value) => sum + value, 0);
  const share = (name: (typeof CPU_TIME_NAMES)[number]): number => {
    const value = ticks[CPU_TIME_NAMES.indexOf(name)] ?? 0;
    return total === 0 ? 0 : rounded((value / total) * 100, 2);
  };
  const [user, nice, system, idle] = [share("user"), share("nice"), share("system"), share("idle")];
  const [iowait, irq, softirq, steal] = [share("iowait"), share("irq"), share("softirq"), share("steal")];
  // A CPU that was off in between has no ticks at all: that is idle, not fully used.
  const used = total === 0 ? 0 : Math.max(0, rounded(100 - idle - iowait, 2));
  return { user, nice, system, idle, iowait, irq, softirq, steal, used };
}

function percentDatum(label: string, value: number, limits: { warn?: string; crit?: string } = {}): Perfdatum {
  return { label, value, unit: "%", ...limits, min: 0, max: 100 };
}
