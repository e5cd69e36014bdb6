import type { SnmpSession } from "../../snmp/snmp-session.ts";
import { numberOf, textOf } from "../../snmp/snmp-value.ts";
import { nameOfOid, standardNames } from "../../snmp/standard-names.ts";
import { walk } from "../../snmp/walk.ts";

/** What a UPS says of itself (RFC 1628); undefined for what it leaves out. */
export interface UpsFigures {
  readonly model: string | null;
  readonly battery: "unknown" | "normal" | "low" | "depleted";
  readonly secondsOnBattery: number | undefined;
  readonly minutesLeft: number | undefined;
  readonly chargePercent: number | undefined;
  readonly celsius: number | undefined;
  readonly source: "other" | "none" | "normal" | "bypass" | "battery" | "booster" | "reducer";
  /** Of the most loaded line. */
  readonly loadPercent: number | undefined;
  /** Of the lowest line. */
  readonly inputVolts: number | undefined;
  readonly alarmCount: number;
  /** By the last parts of their OIDs, which RFC 1628 gives names. */
  readonly alarms: readonly string[];
}

const batteries = ["unknown", "normal", "low", "depleted"] as const;
const sources = ["other", "none", "normal", "bypass", "battery", "booster", "reducer"] as const;
const alarmNames: Readonly<Record<string, string>> = {
  "1": "battery bad",
  "2": "on battery",
  "3": "low battery",
  "4": "depleted battery",
  "5": "temperature bad",
  "6": "input bad",
  "7": "output bad",
  "8": "output overload",
  "9": "on bypass",
  "10": "bypass bad",
  "13": "charger failed",
  "16": "fan failure",
  "17": "fuse failure",
  "18": "general fault",
  "19": "diagnostic test failed",
  "20": "communications lost",
  "22": "shutdown pending",
  "23": "shutdown imminent",
};

/** Asks a UPS; null when the device says nothing of UPS-MIB. */
export async function readUps(session: SnmpSession, signal: AbortSignal): Promise<UpsFigures | null> {
  const scalars = [
    "upsIdentModel",
    "upsBatteryStatus",
    "upsSecondsOnBattery",
    "upsEstimatedMinutesRemaining",
    "upsEstimatedChargeRemaining",
    "upsBatteryTemperature",
    "upsOutputSource",
    "upsAlarmsPresent",
  ];
  const values = await session.get(
    scalars.map((name) => `${standardNames[name]}.0`),
    signal,
  );
  const at = (name: string) => values[scalars.indexOf(name)]?.value;
  const number = (name: string) => numberOf(at(name));
  if (values.every(({ value }) => value.kind === "absent")) return null;
  const column = async (name: string) =>
    (await walk(session, `${standardNames[name]}`, signal, { rows: 100, seconds: 10 })).flatMap(
      ({ value }) => numberOf(value) ?? [],
    );
  const loads = await column("upsOutputPercentLoad");
  const volts = await column("upsInputVoltage");
  const alarmCount = number("upsAlarmsPresent") ?? 0;
  const alarms =
    alarmCount === 0 ? [] : await walk(session, `${standardNames.upsAlarmDescr}`, signal, { rows: 100, seconds: 10 });
  return {
    model: textOf(at("upsIdentModel")),
    battery: batteries[(number("upsBatteryStatus") ?? 1) - 1] ?? "unknown",
    secondsOnBattery: number("upsSecondsOnBattery"),
    minutesLeft: number("upsEstimatedMinutesRemaining"),
    chargePercent: number("upsEstimatedChargeRemaining"),
    celsius: number("upsBatteryTemperature"),
    source: sources[(number("upsOutputSource") ?? 1) - 1] ?? "other",
    loadPercent: loads.length === 0 ? undefined : Math.max(...loads),
    inputVolts: volts.length === 0 ? undefined : Math.min(...volts),
    alarmCount,
    alarms: alarms.flatMap(({ value }) => (value.kind === "oid" ? alarmName(value.value) : [])),
  };
}

function alarmName(oid: string): string {
  const [, known = ""] = /^1\.3\.6\.1\.2\.1\.33\.1\.6\.3\.(\d+)$/.exec(oid) ?? [];
  return `alarm: ${alarmNames[known] ?? nameOfOid(oid)}`;
}
