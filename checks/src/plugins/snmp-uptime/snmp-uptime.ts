import { formatDuration } from "../../plugin/format-quantity.ts";
import type { Plugin, PluginContext } from "../../plugin/plugin.ts";
import { report } from "../../plugin/report.ts";
import { crossedThreshold, judge, perfdataThresholds, thresholdsFrom } from "../../plugin/thresholds.ts";
import { type ReturnCode, worstOf } from "../../plugin-api/return-code.ts";
import { hasRestarted } from "../../snmp/counter-growth.ts";
import { SNMP_NOTES, SNMP_OPTIONS } from "../../snmp/snmp-options.ts";
import { numberOf, type SnmpVarbind, textOf } from "../../snmp/snmp-value.ts";
import { standardNames } from "../../snmp/standard-names.ts";
import { withSession } from "../../snmp/with-session.ts";

/** How long a device is up, and whether it began anew since the last run. */
export const snmpUptime = {
  name: "snmp-uptime",
  summary: "how long a device is up, and whether it restarted, by SNMP",
  notes:
    "WARNING once after it began anew (--restart changes that), found by snmpEngineBoots where the device has it, else by sysUpTime; that sysUpTime comes round to 0 " +
    "after 497 days is no restart. The time shown is snmpEngineTime where the device has it, which does not come round for 68 years. By hand there is no last run " +
    `to compare with. -w and -c judge the seconds it is up, e.g. -w 600: for 'up for less than ten minutes'.\n${SNMP_NOTES}`,
  options: [
    ...SNMP_OPTIONS,
    { letter: "w", name: "warning", value: "RANGE", description: "seconds it is up" },
    { letter: "c", name: "critical", value: "RANGE", description: "seconds it is up" },
    {
      name: "restart",
      value: "STATE",
      choices: ["ok", "warning", "critical"],
      default: "warning",
      description: "state of the run that finds that it began anew",
    },
  ],
  examples: [{ arguments: "-H switch1.example.org -w 600:", description: "WARNING in its first ten minutes too" }],
  async run(options, context) {
    const thresholds = thresholdsFrom(options);
    const restartCode = codesOfRestart[options.text("restart") ?? "warning"] ?? 1;
    return await withSession("snmp-uptime", options, context, async (session) => {
      const [ticks, boots, engineSeconds, name, description] = await session.get(asked, context.signal);
      const upTicks = numberOf(ticks?.value);
      if (upTicks === undefined) return report("snmp-uptime", 3, "the device does not tell its sysUpTime");
      const sample: Sample = { atMs: context.now(), upTicks, boots: numberOf(boots?.value) };
      const isRestarted = compareWithLast(sample, context);
      const seconds = uptimeSeconds(upTicks, engineSeconds);
      const judged = judge(seconds, thresholds);
      const words = [
        ...(isRestarted ? ["it began anew since the last look"] : []),
        `${textOf(name?.value) ?? session.target.host} is up ${formatDuration(seconds)}${crossedThreshold(judged, thresholds, " s")}`,
      ];
      return report("snmp-uptime", worstOf([judged, isRestarted ? restartCode : 0]), words.join(": "), {
        perfdata: [{ label: "uptime", value: seconds, unit: "s", ...perfdataThresholds(thresholds), min: 0 }],
        longOutput: [textOf(description?.value) ?? ""].filter((line) => line !== ""),
      });
    });
  },
} satisfies Plugin;

const { sysUpTime, snmpEngineBoots, snmpEngineTime, sysName, sysDescr } = standardNames;
const asked = [sysUpTime, snmpEngineBoots, snmpEngineTime, sysName, sysDescr].map((object) => `${object}.0`);

const codesOfRestart: Readonly<Record<string, ReturnCode>> = { ok: 0, warning: 1, critical: 2 };

interface Sample {
  readonly atMs: number;
  readonly upTicks: number;
  readonly boots: number | undefined;
}

const memoryKey = "snmp-uptime";
/** What both clocks may differ by before one of them counts as of something else than the device. */
const slackSeconds = 3_600;
const tickRangeSeconds = 2 ** 32 / 100;

function compareWithLast(sample: Sample, { memory }: PluginContext): boolean {
  const kept = memory.get(memoryKey);
  memory.set(memoryKey, sample);
  if (!isSample(kept)) return false;
  if (sample.boots !== undefined && kept.boots !== undefined) return sample.boots !== kept.boots;
  return hasRestarted(kept.upTicks, sample.upTicks, sample.atMs - kept.atMs);
}

/** The engine's own seconds where they are those of sysUpTime, however often that came round. Pure. */
export function uptimeSeconds(upTicks: number, engine: SnmpVarbind | undefined): number {
  const ofEngine = numberOf(engine?.value);
  const seconds = Math.floor(upTicks / 100);
  if (ofEngine === undefined || ofEngine < seconds) return seconds;
  const rest = (ofEngine - seconds) % tickRangeSeconds;
  return Math.min(rest, tickRangeSeconds - rest) <= slackSeconds ? ofEngine : seconds;
}

function isSample(value: unknown): value is Sample {
  return typeof value === "object" && value !== null && "upTicks" in value;
}
