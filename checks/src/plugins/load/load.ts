import { plural, rounded } from "../../plugin/format-quantity.ts";
import type { OptionValues } from "../../plugin/option-values.ts";
import type { Plugin } from "../../plugin/plugin.ts";
import { report } from "../../plugin/report.ts";
import { crossedThreshold, judge, perfdataThresholds, type Thresholds } from "../../plugin/thresholds.ts";
import type { Perfdatum } from "../../plugin-api/perfdata.ts";
import { worstOf } from "../../plugin-api/return-code.ts";
import { countCpus } from "../../proc/cpu-times.ts";
import { readLoadAverage } from "../../proc/load-average.ts";

const PERIODS = [1, 5, 15] as const;
/** Per CPU, used when neither -w nor -c is given: work waits as long as it runs, or twice that. */
const DEFAULT_WARNING = "4,3,2";
const DEFAULT_CRITICAL = "8,6,4";

/** The load average, as check_load has it. */
export const load = {
  name: "load",
  summary: "load averages over 1, 5 and 15 minutes",
  notes:
    `Each threshold is one number for all three averages, or three separated by commas; it alerts above the number. ` +
    `Without -w and -c the load per CPU is held against ${DEFAULT_WARNING} and ${DEFAULT_CRITICAL}.`,
  options: [
    { letter: "w", name: "warning", value: "LOAD1[,LOAD5,LOAD15]", description: "WARNING above these averages" },
    { letter: "c", name: "critical", value: "LOAD1[,LOAD5,LOAD15]", description: "CRITICAL above these averages" },
    { letter: "r", name: "percpu", description: "divide the averages by the number of CPUs before comparing" },
  ],
  examples: [
    { arguments: "-w 15,10,5 -c 30,25,20", description: "the classic line of check_load" },
    { arguments: "-r -w 2 -c 4", description: "twice and four times as much work as CPUs, on any machine" },
  ],
  async run(options, context) {
    const { averages, runnable, tasks } = readLoadAverage(context.procRoot);
    const cpus = countCpus(context.procRoot);
    const hasThresholds = options.isGiven("warning") || options.isGiven("critical");
    const isPerCpu = options.isGiven("percpu") || !hasThresholds;
    const thresholds = readThresholds(options, hasThresholds);
    const judged = averages.map((average, index) => {
      const value = isPerCpu ? rounded(average / cpus, 3) : average;
      const limits = thresholds[index] ?? {};
      return { average, value, limits, returnCode: judge(value, limits), period: PERIODS[index] ?? 0 };
    });
    const returnCode = worstOf(judged.map((one) => one.returnCode));
    const culprit = judged.find((one) => one.returnCode === returnCode && returnCode > 0);
    const shown = averages.map((average) => average.toFixed(2)).join(", ");
    const why =
      culprit === undefined
        ? ""
        : `: ${culprit.period} min average ${isPerCpu ? `${culprit.value.toFixed(2)} per CPU` : culprit.value.toFixed(2)}` +
          crossedThreshold(culprit.returnCode, culprit.limits);
    return report("load", returnCode, `load average ${shown} on ${plural(cpus, "CPU")}${why}`, {
      perfdata: judged.flatMap((one): Perfdatum[] => {
        const limits = perfdataThresholds(one.limits);
        const label = `load${one.period}`;
        if (!isPerCpu) return [{ label, value: one.average, unit: "", ...limits, min: 0 }];
        return [
          { label, value: one.average, unit: "", min: 0 },
          { label: `scaled_${label}`, value: one.value, unit: "", ...limits, min: 0 },
        ];
      }),
      longOutput: options.isGiven("verbose") ? [`${runnable} of ${tasks} tasks are runnable`] : [],
    });
  },
} satisfies Plugin;

function readThresholds(options: OptionValues, hasThresholds: boolean): Thresholds[] {
  const warning = readTriple(options, "warning", hasThresholds ? undefined : DEFAULT_WARNING);
  const critical = readTriple(options, "critical", hasThresholds ? undefined : DEFAULT_CRITICAL);
  return PERIODS.map((_, index) => ({
    warning: limit(warning?.[index]),
    critical: limit(critical?.[index]),
  }));
}

function readTriple(options: OptionValues, name: string, fallback: string | undefined): number[] | undefined {
  const text = options.text(name) ?? fallback;
  if (text === undefined) return undefined;
  const numbers = text.split(",").map((part) => options.numberIn(name, part, { min: 0 }));
  if (numbers.length > PERIODS.length) throw options.refuse(name, text, "one number, or three separated by commas");
  // check_load repeats the last number given: -w 5 means 5,5,5 and -w 9,5 means 9,5,5.
  return PERIODS.map((_, index) => numbers[Math.min(index, numbers.length - 1)] ?? 0);
}

function limit(end: number | undefined) {
  return end === undefined ? undefined : { start: 0, end, isInside: false };
}
