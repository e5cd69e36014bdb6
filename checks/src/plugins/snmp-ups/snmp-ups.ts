import type { Finding } from "../../plugin/finding.ts";
import { rounded } from "../../plugin/format-quantity.ts";
import type { Plugin } from "../../plugin/plugin.ts";
import { report } from "../../plugin/report.ts";
import {
  crossedThreshold,
  judge,
  perfdataThresholds,
  type Thresholds,
  thresholdsFrom,
} from "../../plugin/thresholds.ts";
import type { Perfdatum } from "../../plugin-api/perfdata.ts";
import { type ReturnCode, worstOf } from "../../plugin-api/return-code.ts";
import { SNMP_NOTES, SNMP_OPTIONS } from "../../snmp/snmp-options.ts";
import { withSession } from "../../snmp/with-session.ts";
import { readUps, type UpsFigures } from "./ups-figures.ts";

/** Battery, load and source of an uninterruptible power supply. */
export const snmpUps = {
  name: "snmp-ups",
  summary: "battery, load and source of an uninterruptible power supply, by SNMP (UPS-MIB)",
  notes:
    "On battery, or on bypass, it is WARNING; a battery that is low or empty, and no output at all, is CRITICAL; alarms that the device counts are WARNING. Charge " +
    `is judged as a range that it should be in, e.g. 50: for at least 50%. What the device does not tell is left out.\n${SNMP_NOTES}`,
  options: [
    ...SNMP_OPTIONS,
    { letter: "w", name: "warning", value: "RANGE", default: "50:", description: "percent of charge" },
    { letter: "c", name: "critical", value: "RANGE", default: "20:", description: "percent of charge" },
    { name: "load-warning", value: "RANGE", default: "80", description: "percent of load, the most loaded line" },
    { name: "load-critical", value: "RANGE", default: "95", description: "percent of load, the most loaded line" },
    { name: "minutes-warning", value: "RANGE", description: "minutes that the battery lasts" },
    { name: "minutes-critical", value: "RANGE", description: "minutes that the battery lasts" },
    { name: "temperature-warning", value: "RANGE", description: "degrees Celsius of the battery" },
    { name: "temperature-critical", value: "RANGE", description: "degrees Celsius of the battery" },
  ],
  examples: [
    { arguments: "-H ups1.example.org --minutes-critical 5:", description: "at least five minutes of battery" },
  ],
  async run(options, context) {
    const limits: Limits = {
      charge: thresholdsFrom(options),
      load: thresholdsFrom(options, "load-warning", "load-critical"),
      minutes: thresholdsFrom(options, "minutes-warning", "minutes-critical"),
      temperature: thresholdsFrom(options, "temperature-warning", "temperature-critical"),
    };
    return await withSession("snmp-ups", options, context, async (session) => {
      const figures = await readUps(session, context.signal);
      if (figures === null) return report("snmp-ups", 3, "the device tells nothing of UPS-MIB");
      const { findings, perfdata } = judgeUps(figures, limits);
      const model = figures.model === null ? [] : [figures.model];
      return report(
        "snmp-ups",
        worstOf(findings.map((one) => one.returnCode)),
        findings.map((one) => one.text).join(", "),
        { perfdata, longOutput: [...model, ...figures.alarms] },
      );
    });
  },
} satisfies Plugin;

interface Limits {
  readonly charge: Thresholds;
  readonly load: Thresholds;
  readonly minutes: Thresholds;
  readonly temperature: Thresholds;
}

const sourceCodes: Readonly<Record<UpsFigures["source"], ReturnCode>> = {
  normal: 0,
  other: 0,
  none: 2,
  bypass: 1,
  battery: 1,
  booster: 0,
  reducer: 0,
};
const batteryCodes: Readonly<Record<UpsFigures["battery"], ReturnCode>> = {
  unknown: 0,
  normal: 0,
  low: 2,
  depleted: 2,
};

/** Holds what a UPS tells against limits. Pure. */
export function judgeUps(
  figures: UpsFigures,
  limits: Limits,
): { readonly findings: readonly Finding[]; readonly perfdata: readonly Perfdatum[] } {
  const { source, battery, secondsOnBattery } = figures;
  const since = source === "battery" && secondsOnBattery !== undefined ? ` for ${secondsOnBattery} s` : "";
  const findings: Finding[] = [
    { returnCode: sourceCodes[source], text: source === "normal" ? "on mains" : `output from ${source}${since}` },
    { returnCode: batteryCodes[battery], text: `battery ${battery}` },
  ];
  const perfdata: Perfdatum[] = [];
  const measure = (label: string, value: number | undefined, unit: string, limit: Thresholds, words: string) => {
    if (value === undefined) return;
    const returnCode = judge(value, limit);
    findings.push({ returnCode, text: `${words} ${value}${unit}${crossedThreshold(returnCode, limit, unit)}` });
    perfdata.push({ label, value, unit: unit === "%" ? "%" : "", ...perfdataThresholds(limit) });
  };
  measure("charge", figures.chargePercent, "%", limits.charge, "charge");
  measure("load", figures.loadPercent, "%", limits.load, "load");
  measure("minutes", figures.minutesLeft, " min", limits.minutes, "lasts");
  measure("temperature", figures.celsius, " °C", limits.temperature, "battery at");
  if (figures.inputVolts !== undefined) {
    perfdata.push({ label: "input_voltage", value: rounded(figures.inputVolts, 1), unit: "V" });
  }
  if (figures.alarmCount > 0) findings.push({ returnCode: 1, text: `${figures.alarmCount} alarms` });
  return { findings, perfdata };
}
