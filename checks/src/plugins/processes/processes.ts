import { formatBytes, formatDuration, plural, rounded } from "../../plugin/format-quantity.ts";
import type { Plugin, PluginResult } from "../../plugin/plugin.ts";
import { report } from "../../plugin/report.ts";
import {
  crossedThreshold,
  judge,
  perfdataThresholds,
  type Thresholds,
  thresholdsFrom,
} from "../../plugin/thresholds.ts";
import type { Perfdatum } from "../../plugin-api/perfdata.ts";
import { worstOf } from "../../plugin-api/return-code.ts";
import { type Process, readArguments, readProcesses } from "../../proc/processes.ts";
import { readUptimeSeconds } from "../../proc/uptime.ts";
import { cpuPercent, type ProcessFilter, readFilter } from "./filter.ts";

const KIB = 1024;

/** Counts processes, or judges each of them, as check_procs has it. */
export const processes = {
  name: "processes",
  summary: "number, memory, CPU or age of processes, filtered by name, arguments, user, state",
  notes:
    "With -m PROCS (the default) the number of matching processes is judged; with another metric each matching process is, and the worst " +
    "decides. Without -w and -c the result is OK and informs only. -s compares the first letter ps shows, so -s S also finds `Ss`.",
  options: [
    { letter: "w", name: "warning", value: "RANGE", description: "WARNING when the metric is outside" },
    { letter: "c", name: "critical", value: "RANGE", description: "CRITICAL when the metric is outside" },
    {
      letter: "m",
      name: "metric",
      value: "METRIC",
      choices: ["PROCS", "VSZ", "RSS", "CPU", "ELAPSED"],
      default: "PROCS",
      description:
        "what is judged: number, virtual or resident memory in KiB, percent CPU over its life, age in seconds",
    },
    {
      letter: "C",
      name: "command",
      value: "NAME",
      description: "only processes of exactly this command name, without path",
    },
    {
      letter: "a",
      name: "argument-array",
      value: "TEXT",
      description: "only processes with this text in their arguments",
    },
    { name: "ereg-argument-array", value: "REGEX", description: "only processes whose arguments match" },
    { letter: "u", name: "user", value: "USER", description: "only processes of this user name or id" },
    { letter: "s", name: "state", value: "FLAGS", description: "only processes in one of these states, e.g. Z or RD" },
    { letter: "p", name: "ppid", value: "PID", description: "only children of this process" },
    { letter: "z", name: "vsz", value: "KIB", description: "only processes with at least this much virtual memory" },
    { letter: "r", name: "rss", value: "KIB", description: "only processes with at least this much resident memory" },
    { letter: "P", name: "pcpu", value: "PERCENT", description: "only processes that use at least this much CPU" },
    { letter: "k", name: "no-kthreads", description: "leave out kernel threads" },
  ],
  examples: [
    { arguments: "-c 1: -C sshd", description: "CRITICAL unless sshd runs" },
    { arguments: "-w 5 -c 10 -s Z", description: "zombies" },
    { arguments: "-w 2000000 -m RSS -a java", description: "a Java process above 2 GB" },
  ],
  async run(options, context) {
    const thresholds = thresholdsFrom(options);
    const uptimeSeconds = readUptimeSeconds(context.procRoot);
    const filter = readFilter(options, context.procRoot, uptimeSeconds);
    // Started by hand, this process exists only for this check; in the agent it is the agent, which counts.
    const ownPid = context.agent === undefined ? process.pid : undefined;
    const found = readProcesses(context.procRoot).filter((one) => one.pid !== ownPid && filter.matches(one));
    const metric = options.text("metric") ?? "PROCS";
    const longOutput = options.isGiven("verbose")
      ? found.slice(0, 50).map((one) => `${one.pid} ${one.state} ${readArguments(context.procRoot, one)}`)
      : [];
    const result =
      metric === "PROCS"
        ? judgeCount(found, filter, thresholds)
        : judgeEach(found, filter, thresholds, METRICS[metric] ?? METRICS.RSS, uptimeSeconds);
    return { ...result, longOutput: longOutput.join("\n") };
  },
} satisfies Plugin;

function judgeCount(found: readonly Process[], filter: ProcessFilter, thresholds: Thresholds): PluginResult {
  const returnCode = judge(found.length, thresholds);
  const text = [plural(found.length, "process", "processes"), filter.description]
    .filter((part) => part !== "")
    .join(" ");
  return report("processes", returnCode, text + crossedThreshold(returnCode, thresholds), {
    perfdata: [{ label: "procs", value: found.length, unit: "", ...perfdataThresholds(thresholds), min: 0 }],
  });
}

/** How a metric is taken from a process and said. Memory is in KiB, as ps and check_procs have it. */
interface Metric {
  readonly word: string;
  readonly of: (process: Process, uptimeSeconds: number) => number;
  readonly format: (value: number) => string;
}

const METRICS: Readonly<Record<string, Metric>> = {
  VSZ: { word: "VSZ", of: (one) => one.virtualBytes / KIB, format: (value) => formatBytes(value * KIB) },
  RSS: { word: "RSS", of: (one) => one.residentBytes / KIB, format: (value) => formatBytes(value * KIB) },
  CPU: { word: "CPU", of: (one, uptime) => rounded(cpuPercent(one, uptime), 1), format: (value) => `${value}%` },
  ELAPSED: {
    word: "age",
    of: (one, uptime) => Math.max(0, Math.floor(uptime - one.startedAtSeconds)),
    format: formatDuration,
  },
};

function judgeEach(
  found: readonly Process[],
  filter: ProcessFilter,
  thresholds: Thresholds,
  metric: Metric | undefined,
  uptimeSeconds: number,
): PluginResult {
  if (metric === undefined) throw new Error("unknown metric");
  const judged = found.map((process) => {
    const value = metric.of(process, uptimeSeconds);
    return { process, value, returnCode: judge(value, thresholds) };
  });
  const count = (code: number): number => judged.filter((one) => one.returnCode === code).length;
  const returnCode = judged.length === 0 ? 0 : worstOf(judged.map((one) => one.returnCode));
  const bad = judged
    .filter((one) => one.returnCode > 0)
    .sort((a, b) => b.returnCode - a.returnCode || b.value - a.value);
  const shown = bad
    .slice(0, 3)
    .map((one) => `${one.process.command} (pid ${one.process.pid}) ${metric.format(one.value)}`)
    .join(", ");
  const among = [plural(found.length, "process", "processes"), filter.description]
    .filter((part) => part !== "")
    .join(" ");
  const text =
    bad.length === 0
      ? `${metric.word} of ${among} is within limits`
      : `${metric.word} of ${bad.length} of ${among}${crossedThreshold(returnCode, thresholds)}: ${shown}${bad.length > 3 ? ", ..." : ""}`;
  const datum = (label: string, value: number): Perfdatum => ({ label, value, unit: "", min: 0 });
  return report("processes", returnCode, text, {
    perfdata: [datum("procs", found.length), datum("procs_warn", count(1)), datum("procs_crit", count(2))],
  });
}
