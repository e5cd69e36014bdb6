import { existsSync, realpathSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { listNames, numberOf, readLine, readWord } from "../read-kernel-file.ts";

const kinds: ReadonlySet<string> = new Set([
  ..."vrm beep_enable update_interval in cpu fan pwm temp curr power energy humidity intrusion".split(" "),
]);
const file = /^([^0-9]+)([0-9]*)?(?:_(.+))?$/;

type Sensors = Map<string, { readonly kind: string; readonly values: Map<string, string> }>;

/** Temperatures, fans and voltages (/sys/class/hwmon), named as node_exporter names them. */
export function createHwmonCollector({ sysRoot }: CollectorPlaces): Collector {
  function collect() {
    const folder = `${sysRoot}/class/hwmon`;
    const chips = listNames(folder);
    if (chips === undefined) return undefined;
    const families = new Families();
    for (const name of chips) {
      const path = `${folder}/${name}`;
      const chip = chipName(path);
      const sensors: Sensors = new Map();
      readSensors(path, sensors);
      if (existsSync(`${path}/device`)) readSensors(`${path}/device`, sensors);
      const chipModel = cleanName(readWord(`${path}/name`) ?? "");
      if (chipModel !== "") {
        families.gauge("node_hwmon_chip_names", "What the chip is called.", 1, { chip, chip_name: chipModel });
      }
      for (const [sensor, { kind, values }] of sensors) addSensor(families, chip, sensor, kind, values);
    }
    return families.list();
  }
  return { name: "hwmon", isDefault: true, collect };
}

function readSensors(path: string, sensors: Sensors): void {
  for (const name of listNames(path) ?? []) {
    const [, kind = "", number = "", property = ""] = file.exec(name) ?? [];
    if (!kinds.has(kind)) continue;
    const value = readLine(`${path}/${name}`);
    if (value === undefined) continue;
    const sensor = `${kind}${Number(number)}`;
    const known = sensors.get(sensor) ?? { kind, values: new Map<string, string>() };
    sensors.set(sensor, known);
    known.values.set(property, value);
  }
}

/** Stable over boots: after the device's place on its bus, else the chip's name, else hwmonN. */
function chipName(path: string): string {
  if (existsSync(`${path}/device`)) {
    const device = realpathSync(`${path}/device`);
    const name = cleanName(basename(device));
    const bus = cleanName(basename(dirname(device)));
    if (name !== "") return bus === "" ? name : `${bus}_${name}`;
  }
  return cleanName(readWord(`${path}/name`) ?? "") || cleanName(basename(realpathSync(path)));
}

function cleanName(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9:_]/g, "_")
    .replace(/^_+|_+$/g, "");
}

function addSensor(
  families: Families,
  chip: string,
  sensor: string,
  kind: string,
  values: ReadonlyMap<string, string>,
): void {
  const labels = { chip, sensor };
  const label = values.get("label");
  if (label !== undefined)
    families.gauge("node_hwmon_sensor_label", "What the sensor is called.", 1, { ...labels, label });
  const own = values.get("");
  if (kind === "beep_enable") {
    families.gauge("node_hwmon_beep_enabled", "Whether it may beep.", own === "1" ? 1 : 0, labels);
    return;
  }
  if (kind === "vrm") {
    families.gaugeIf(
      "node_hwmon_voltage_regulator_version",
      "Version of the voltage regulator.",
      numberOf(own),
      labels,
    );
    return;
  }
  if (kind === "update_interval") {
    const milliseconds = numberOf(own);
    const help = "How often it measures.";
    if (milliseconds !== undefined)
      families.gauge("node_hwmon_update_interval_seconds", help, milliseconds / 1000, labels);
    return;
  }
  for (const [element, text] of values) {
    const value = numberOf(text);
    if (element === "label" || value === undefined) continue;
    const { suffix, divisor, isCounter } = unitOf(kind, element);
    const part =
      element === "input" ? (own === undefined ? "" : "_input") : element === "" ? "" : `_${cleanName(element)}`;
    const name = `node_hwmon_${kind}${part}${suffix}`;
    const help = `Hardware monitor: ${kind}${element === "" ? "" : ` ${element}`}.`;
    if (isCounter) families.counter(name, help, value / divisor, labels);
    else families.gauge(name, help, value / divisor, labels);
  }
}

interface Unit {
  readonly suffix: string;
  readonly divisor: number;
  readonly isCounter?: boolean;
}

/** What follows the name, and by what the kernel's number is divided (kernel Documentation/hwmon/sysfs-interface.rst). Pure. */
function unitOf(kind: string, element: string): Unit {
  const plain: Unit = { suffix: "", divisor: 1 };
  if (element === "fault" || element === "alarm") return plain;
  if (element === "beep") return { suffix: "_enabled", divisor: 1 };
  switch (kind) {
    case "in":
    case "cpu":
      return { suffix: "_volts", divisor: 1_000 };
    case "temp":
      return element === "type" ? plain : { suffix: "_celsius", divisor: 1_000 };
    case "curr":
      return { suffix: "_amps", divisor: 1_000 };
    case "energy":
      return { suffix: "_joule_total", divisor: 1_000_000, isCounter: true };
    case "power":
      if (element === "accuracy") return { suffix: "", divisor: 1_000_000 };
      if (/^average_interval(_min|_max)?$/.test(element)) return { suffix: "_seconds", divisor: 1_000 };
      return { suffix: "_watt", divisor: 1_000_000 };
    case "humidity":
      return { suffix: "", divisor: 1_000_000 };
    case "fan":
      return /^(input|min|max|target)$/.test(element) ? { suffix: "_rpm", divisor: 1 } : plain;
    default:
      return plain;
  }
}
