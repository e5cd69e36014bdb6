import type { Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import { listNames, numberOf, readWord } from "../read-kernel-file.ts";

/** Files whose metrics are called otherwise. */
const renamed: ReadonlyMap<string, string> = new Map([
  ["cycle_count", "cyclecount"],
  ["time_to_empty_now", "time_to_empty_seconds"],
  ["time_to_full_now", "time_to_full_seconds"],
  ["current_now", "current_ampere"],
  ["energy_now", "energy_watthour"],
  ["voltage_now", "voltage_volt"],
  ["charge_now", "charge_ampere"],
  ["power_now", "power_watt"],
]);
const whole =
  /^(authentic|calibrate|capacity|capacity_alert_(max|min)|cycle_count|online|present|time_to_(empty|full)_now)$/;
/** In millionths: microvolts, microamperes, microwatts. */
const micro =
  /^(current_(boot|max|now)|energy_(empty|full)(_design)?|energy_now|voltage_(boot|now|ocv)|voltage_(max|min)(_design)?|charge_control_limit(_max)?|charge_(counter|now|term_current)|charge_(empty|full)(_design)?|constant_charge_(current|voltage)(_max)?|precharge_current|input_current_limit|power_now)$/;
/** In tenths of a degree. */
const tenths = /^temp(_(alert_max|alert_min|ambient|ambient_max|ambient_min|max|min))?$/;
const words =
  /^(capacity_level|charge_type|health|manufacturer|model_name|serial_number|status|technology|type|usb_type|scope)$/;

/** Batteries and mains (/sys/class/power_supply). */
export function createPowerSupplyCollector({ sysRoot }: CollectorPlaces): Collector {
  function collect() {
    const folder = `${sysRoot}/class/power_supply`;
    const supplies = listNames(folder);
    if (supplies === undefined) return undefined;
    const families = new Families();
    for (const name of supplies) addSupply(families, name, `${folder}/${name}`);
    return families.list();
  }
  return { name: "powersupplyclass", isDefault: true, collect };
}

function addSupply(families: Families, name: string, path: string): void {
  const info: Record<string, string> = { power_supply: name };
  for (const file of listNames(path) ?? []) {
    const isWord = words.test(file);
    const divisor = divisorOf(file);
    if (!isWord && divisor === undefined) continue;
    const text = readWord(`${path}/${file}`);
    if (isWord && text) info[file] = text;
    const value = numberOf(text);
    if (divisor === undefined || value === undefined) continue;
    const metric = renamed.get(file) ?? (divisor === 10 ? `${file}_celsius` : file);
    const help = `Power supply: ${metric}.`;
    families.gauge(`node_power_supply_${metric}`, help, value / divisor, { power_supply: name });
  }
  families.gauge("node_power_supply_info", "What the power supply is.", 1, info);
}

function divisorOf(file: string): number | undefined {
  if (whole.test(file)) return 1;
  if (micro.test(file)) return 1e6;
  return tenths.test(file) ? 10 : undefined;
}
