import { durationRange } from "../../plugin/duration-range.ts";
import { formatDuration } from "../../plugin/format-quantity.ts";
import type { Plugin } from "../../plugin/plugin.ts";
import { report } from "../../plugin/report.ts";
import { judge, perfdataThresholds } from "../../plugin/thresholds.ts";
import { readUptimeSeconds } from "../../proc/uptime.ts";

/** How long ago this host was started. */
export const uptime = {
  name: "uptime",
  summary: "time since boot; tells of an unplanned restart, or of one overdue",
  notes: "Without -w and -c the result is OK and informs only. Bounds are seconds, or carry m, h, d or w.",
  options: [
    { letter: "w", name: "warning", value: "RANGE", description: "WARNING when the uptime is outside, e.g. 30m:" },
    { letter: "c", name: "critical", value: "RANGE", description: "CRITICAL when the uptime is outside" },
  ],
  examples: [
    { arguments: "-w 30m:", description: "WARNING for half an hour after every restart" },
    { arguments: "-w 15m:180d -c 365d", description: "also for hosts that miss kernel updates" },
  ],
  async run(options, context) {
    const thresholds = { warning: durationRange(options, "warning"), critical: durationRange(options, "critical") };
    const seconds = Math.floor(readUptimeSeconds(context.procRoot));
    const returnCode = judge(seconds, thresholds);
    const bootedAt = new Date(context.now() - seconds * 1_000).toISOString().slice(0, 16).replace("T", " ");
    return report("uptime", returnCode, `up ${formatDuration(seconds)}, booted ${bootedAt} UTC`, {
      perfdata: [{ label: "uptime", value: seconds, unit: "s", ...perfdataThresholds(thresholds), min: 0 }],
    });
  },
} satisfies Plugin;
