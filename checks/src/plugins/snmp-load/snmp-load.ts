import { plural, rounded } from "../../plugin/format-quantity.ts";
import type { Plugin, PluginContext } from "../../plugin/plugin.ts";
import { report } from "../../plugin/report.ts";
import { crossedThreshold, judge, perfdataThresholds, thresholdsFrom } from "../../plugin/thresholds.ts";
import { SNMP_NOTES, SNMP_OPTIONS } from "../../snmp/snmp-options.ts";
import type { SnmpSession } from "../../snmp/snmp-session.ts";
import { numberOf } from "../../snmp/snmp-value.ts";
import { standardNames } from "../../snmp/standard-names.ts";
import { walk } from "../../snmp/walk.ts";
import { withSession } from "../../snmp/with-session.ts";
import { measureRates } from "../snmp/measure-rates.ts";

/** How busy a device's processors are. */
export const snmpLoad = {
  name: "snmp-load",
  summary: "how busy a device's processors are, by SNMP (HOST-RESOURCES, else UCD)",
  notes:
    "The average over all processors of the last minute, in percent. A device that does not tell the load of each (hrProcessorLoad is often left out) is asked for " +
    `its idle time instead (ssCpuIdle, else ssCpuRawIdle since the last run); one that tells neither is UNKNOWN.\n${SNMP_NOTES}`,
  options: [
    ...SNMP_OPTIONS,
    {
      letter: "w",
      name: "warning",
      value: "RANGE",
      default: "90",
      description: "percent busy, all processors together",
    },
    {
      letter: "c",
      name: "critical",
      value: "RANGE",
      default: "98",
      description: "percent busy, all processors together",
    },
    { letter: "s", name: "single", description: "judge the busiest processor instead" },
  ],
  examples: [{ arguments: "-H gw.example.org -w 80 -c 95", description: "a router" }],
  async run(options, context) {
    const thresholds = thresholdsFrom(options);
    return await withSession("snmp-load", options, context, async (session) => {
      const loads = await readLoads(session, context);
      if (loads.length === 0) {
        return report(
          "snmp-load",
          3,
          "the device tells neither hrProcessorLoad nor ssCpuIdle nor ssCpuRawIdle; ask for an OID of its maker with snmp",
        );
      }
      const average = rounded(loads.reduce((sum, load) => sum + load, 0) / loads.length, 1);
      const busiest = Math.max(...loads);
      const measured = options.isGiven("single") ? busiest : average;
      const returnCode = judge(measured, thresholds);
      const words = `${average}% on ${plural(loads.length, "processor")}, the busiest ${busiest}%`;
      return report("snmp-load", returnCode, words + crossedThreshold(returnCode, thresholds, "%"), {
        perfdata: [
          { label: "load", value: measured, unit: "%", ...perfdataThresholds(thresholds), min: 0, max: 100 },
          { label: "processors", value: loads.length, unit: "", min: 0 },
        ],
      });
    });
  },
} satisfies Plugin;

/** Percent by processor; one for all where only that is told; none where nothing is. */
async function readLoads(session: SnmpSession, context: PluginContext): Promise<number[]> {
  const { hrProcessorLoad, ssCpuIdle } = standardNames;
  const processors = await walk(session, `${hrProcessorLoad}`, context.signal);
  const loads = processors.flatMap(({ value }) => numberOf(value) ?? []);
  if (loads.length > 0) return loads;
  const [idle] = await session.get([`${ssCpuIdle}.0`], context.signal);
  const percent = numberOf(idle?.value);
  return percent === undefined ? await readByTicks(session, context) : [100 - percent];
}

/** From counters of time by what processors did in it; over the time since the last run, by hand over a second. */
async function readByTicks(session: SnmpSession, context: PluginContext): Promise<number[]> {
  const names = ["ssCpuRawIdle", "ssCpuRawUser", "ssCpuRawNice", "ssCpuRawSystem", "ssCpuRawWait"];
  const oids = names.map((name) => `${standardNames[name]}.0`);
  const [first] = await session.get(oids.slice(0, 1), context.signal);
  if (numberOf(first?.value) === undefined) return [];
  const { perSecond } = await measureRates(context, () => session.get(oids, context.signal));
  const [idle] = perSecond;
  const total = perSecond.reduce<number>((sum, rate) => sum + (rate ?? 0), 0);
  return idle === undefined || idle === null || total <= 0 ? [] : [rounded(100 * (1 - idle / total), 1)];
}
