import { existsSync } from "node:fs";
import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { listNames, readNumber } from "../read-kernel-file.ts";

const files = [
  ["cpuinfo_cur_freq", "node_cpu_frequency_hertz", "Frequency now."],
  ["cpuinfo_min_freq", "node_cpu_frequency_min_hertz", "Lowest frequency."],
  ["cpuinfo_max_freq", "node_cpu_frequency_max_hertz", "Highest frequency."],
  ["scaling_cur_freq", "node_cpu_scaling_frequency_hertz", "Frequency now, scaled."],
  ["scaling_min_freq", "node_cpu_scaling_frequency_min_hertz", "Lowest frequency scaling may choose."],
  ["scaling_max_freq", "node_cpu_scaling_frequency_max_hertz", "Highest frequency scaling may choose."],
] as const;

/** Frequencies of the processors (/sys/devices/system/cpu/cpuN/cpufreq). */
export function createCpufreqCollector({ sysRoot }: CollectorPlaces): Collector {
  function collect() {
    const families = new Families();
    const folder = `${sysRoot}/devices/system/cpu`;
    for (const name of listNames(folder) ?? []) {
      const cpu = /^cpu(\d+)$/.exec(name)?.[1];
      // Virtual machines have none: one look instead of six for each processor.
      if (cpu === undefined || !existsSync(`${folder}/${name}/cpufreq`)) continue;
      for (const [file, metric, help] of files) {
        const kilohertz = readNumber(`${folder}/${name}/cpufreq/${file}`);
        families.gaugeIf(metric, help, kilohertz === undefined ? undefined : kilohertz * 1000, { cpu });
      }
    }
    return families.list();
  }
  return { name: "cpufreq", isDefault: true, collect };
}
