import { formatBitRate, rounded } from "../../plugin/format-quantity.ts";
import type { OptionValues } from "../../plugin/option-values.ts";
import {
  crossedThreshold,
  judge,
  perfdataThresholds,
  type Thresholds,
  thresholdsFrom,
} from "../../plugin/thresholds.ts";
import type { Perfdatum } from "../../plugin-api/perfdata.ts";
import { type ReturnCode, worstOf } from "../../plugin-api/return-code.ts";
import type { InterfaceRates } from "./interface-rates.ts";
import type { InterfaceRow } from "./interface-row.ts";

/** What is expected of interfaces. */
export interface InterfaceLimits {
  readonly warning: TrafficLimit | undefined;
  readonly critical: TrafficLimit | undefined;
  readonly errors: Thresholds;
  readonly discards: Thresholds;
  readonly isDownFine: boolean;
}

interface TrafficLimit {
  readonly isPercent: boolean;
  readonly range: NonNullable<Thresholds["warning"]>;
}

/** Reads them. Throws UsageError. */
export function readInterfaceLimits(options: OptionValues): InterfaceLimits {
  const traffic = (name: string): TrafficLimit | undefined => {
    const text = options.text(name);
    if (text === undefined || text === "") return undefined;
    return { isPercent: text.includes("%"), range: options.rangeIn(name, text.replaceAll("%", "")) };
  };
  return {
    warning: traffic("warning"),
    critical: traffic("critical"),
    errors: thresholdsFrom(options, "errors-warning", "errors-critical"),
    discards: thresholdsFrom(options, "discards-warning", "discards-critical"),
    isDownFine: options.isGiven("down-ok"),
  };
}

/** Holds one interface against them. `rates` is null where none can be said, which is no fault: its state is judged all the same. Pure. */
export function judgeInterface(
  row: InterfaceRow,
  rates: InterfaceRates | null,
  limits: InterfaceLimits,
  isNamed: boolean,
): { readonly returnCode: ReturnCode; readonly text: string; readonly perfdata: readonly Perfdatum[] } {
  const { name, bitsPerSecond } = row;
  const isDown = !row.isAdminUp || !["up", "unknown", "dormant"].includes(row.operStatus);
  const link: ReturnCode = isDown && isNamed && !limits.isDownFine ? 2 : 0;
  if (isDown) {
    const word = row.isAdminUp ? row.operStatus : "switched off";
    return { returnCode: link, text: `${name} is ${word}`, perfdata: [] };
  }
  if (rates === null) return { returnCode: link, text: `${name} up, counters began anew`, perfdata: [] };
  const busier = Math.max(rates.inBits, rates.outBits);
  const traffic = inBits(limits, bitsPerSecond);
  const errors = rounded(rates.errors, 3);
  const discards = rounded(rates.discards, 3);
  const codes: ReturnCode[] = [judge(busier, traffic), judge(errors, limits.errors), judge(discards, limits.discards)];
  const [trafficCode = 0, errorCode = 0, discardCode = 0] = codes;
  const isPercent = limits.warning?.isPercent === true || limits.critical?.isPercent === true;
  const lacksSpeed = bitsPerSecond === undefined && isPercent;
  const share =
    bitsPerSecond === undefined
      ? ""
      : ` (${rounded((busier / bitsPerSecond) * 100, 1)}% of ${formatBitRate(bitsPerSecond)})`;
  const text = [
    `${name} up, in ${formatBitRate(rates.inBits)}, out ${formatBitRate(rates.outBits)}${share}`,
    ...(trafficCode > 0 ? [trafficCode === 2 ? "traffic is critical" : "traffic is high"] : []),
    ...(errorCode > 0 ? [`${errors} errors/s${crossedThreshold(errorCode, limits.errors)}`] : []),
    ...(discardCode > 0 ? [`${discards} discards/s${crossedThreshold(discardCode, limits.discards)}`] : []),
    ...(lacksSpeed ? ["its speed is not known: give -w and -c in Mbit/s"] : []),
  ].join(", ");
  const max = bitsPerSecond === undefined ? {} : { max: bitsPerSecond };
  const bits = (label: string, value: number): Perfdatum => ({
    label: `${name}_${label}`,
    value: Math.round(value),
    unit: "",
    ...perfdataThresholds(traffic),
    min: 0,
    ...max,
  });
  return {
    returnCode: worstOf([link, ...codes, lacksSpeed ? 3 : 0]),
    text,
    perfdata: [
      bits("in_bps", rates.inBits),
      bits("out_bps", rates.outBits),
      { label: `${name}_errors`, value: errors, unit: "", ...perfdataThresholds(limits.errors), min: 0 },
      { label: `${name}_discards`, value: discards, unit: "", ...perfdataThresholds(limits.discards), min: 0 },
    ],
  };
}

/** Limits in bits per second; those in percent need the link's speed. */
function inBits(limits: InterfaceLimits, speed: number | undefined): Thresholds {
  const scaled = (limit: TrafficLimit | undefined) => {
    if (limit === undefined || (limit.isPercent && speed === undefined)) return undefined;
    const factor = limit.isPercent ? (speed ?? 0) / 100 : 1_000_000;
    return { ...limit.range, start: limit.range.start * factor, end: limit.range.end * factor };
  };
  return { warning: scaled(limits.warning), critical: scaled(limits.critical) };
}
