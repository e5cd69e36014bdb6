import { measureGrowth } from "../../plugin/counter-rates.ts";
import { formatBitRate, rounded } from "../../plugin/format-quantity.ts";
import type { OptionValues } from "../../plugin/option-values.ts";
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
import { type NetworkInterface, readInterfaceCounters, readInterfaces } from "../../proc/network-interfaces.ts";
import { type InterfaceRates, toRates } from "./rates.ts";

/** Link state, traffic, errors and drops of network interfaces. */
export const networkInterface = {
  name: "interface",
  summary: "link state, traffic, errors and drops of network interfaces",
  notes:
    "In the agent rates are over the time since the last run, by hand over one second. An interface named with -i must be up, else CRITICAL. " +
    "Without -i every physical interface is looked at, and one that is down is only mentioned, since unused sockets are normal.\n" +
    "Errors alert above 1 per second (WARNING) and 10 (CRITICAL), drops above 100 and 1000, unless changed. Traffic alerts only when asked.",
  options: [
    {
      letter: "i",
      name: "interface",
      value: "NAME",
      isRepeatable: true,
      description: "look at this interface; it must be up",
    },
    {
      letter: "w",
      name: "warning",
      value: "RANGE[%]",
      description: "traffic of the busier direction: Mbit/s, or % of the link's speed",
    },
    { letter: "c", name: "critical", value: "RANGE[%]", description: "the same, CRITICAL" },
    { name: "errors-warning", value: "RANGE", default: "1", description: "errors per second" },
    { name: "errors-critical", value: "RANGE", default: "10", description: "errors per second" },
    { name: "drops-warning", value: "RANGE", default: "100", description: "dropped packets per second" },
    { name: "drops-critical", value: "RANGE", default: "1000", description: "dropped packets per second" },
    { name: "down-ok", description: "a named interface may be down" },
  ],
  examples: [
    { arguments: "-i eth0 -w 80% -c 95%", description: "one interface, by share of its speed" },
    { arguments: "-i bond0 -w 900 -c 1800", description: "the same in Mbit/s" },
  ],
  async run(options, context) {
    const limits: Limits = {
      warning: readTrafficLimit(options, "warning"),
      critical: readTrafficLimit(options, "critical"),
      errors: thresholdsFrom(options, "errors-warning", "errors-critical"),
      drops: thresholdsFrom(options, "drops-warning", "drops-critical"),
      isDownFine: options.isGiven("down-ok"),
    };
    const named = options.texts("interface");
    const { growth, seconds } = await measureGrowth(context, () => readInterfaceCounters(context.sysRoot));
    const links = readInterfaces(context.sysRoot);
    const missing = named.filter((name) => !links.some((link) => link.name === name));
    if (missing.length > 0) return report("interface", 2, `no such interface: ${missing.join(", ")}`);
    const wanted = links.filter((link) => (named.length > 0 ? named.includes(link.name) : isWorthLooking(link, links)));
    if (wanted.length === 0) return report("interface", 3, "this host shows no network interfaces");
    const judged = wanted
      .map((link) => judgeLink(link, toRates(growth.get(link.name) ?? [], seconds), limits, named.length > 0))
      .sort((a, b) => b.returnCode - a.returnCode);
    const returnCode = worstOf(judged.map((one) => one.returnCode));
    return report("interface", returnCode, judged.map((one) => one.text).join("; "), {
      perfdata: judged.flatMap((one) => one.perfdata),
    });
  },
} satisfies Plugin;

interface Limits {
  readonly warning: TrafficLimit | undefined;
  readonly critical: TrafficLimit | undefined;
  readonly errors: Thresholds;
  readonly drops: Thresholds;
  readonly isDownFine: boolean;
}

interface TrafficLimit {
  readonly isPercent: boolean;
  readonly range: NonNullable<Thresholds["warning"]>;
}

function readTrafficLimit(options: OptionValues, name: string): TrafficLimit | undefined {
  const text = options.text(name);
  if (text === undefined || text === "") return undefined;
  return { isPercent: text.includes("%"), range: options.rangeIn(name, text.replaceAll("%", "")) };
}

/** Physical ones; where there are none, as in containers, all but loopback. */
function isWorthLooking(link: NetworkInterface, links: readonly NetworkInterface[]): boolean {
  return links.some((one) => one.isPhysical) ? link.isPhysical : link.name !== "lo";
}

function judgeLink(link: NetworkInterface, rates: InterfaceRates, limits: Limits, isNamed: boolean) {
  const { name, speedBitsPerSecond: speed } = link;
  const isDown = !link.isSwitchedOn || (link.operState !== "up" && link.operState !== "unknown");
  const linkCode: ReturnCode = isDown && isNamed && !limits.isDownFine ? 2 : 0;
  const busier = Math.max(rates.receivedBits, rates.sentBits);
  const traffic = trafficThresholds(limits, speed);
  const trafficCode = judge(busier, traffic);
  const errorCode = judge(rates.errors, limits.errors);
  const dropCode = judge(rates.drops, limits.drops);
  const isPercentWithoutSpeed = speed === undefined && (limits.warning?.isPercent || limits.critical?.isPercent);
  const unknownCode: ReturnCode = isPercentWithoutSpeed && !isDown ? 3 : 0;
  const share = speed === undefined ? "" : ` (${rounded((busier / speed) * 100, 1)}% of ${formatBitRate(speed)})`;
  const parts = [
    isDown
      ? `${name} is ${link.isSwitchedOn ? link.operState : "switched off"}`
      : `${name} up, in ${formatBitRate(rates.receivedBits)}, out ${formatBitRate(rates.sentBits)}${share}`,
    ...(trafficCode > 0 ? [trafficCode === 2 ? "traffic is critical" : "traffic is high"] : []),
    ...(errorCode > 0 ? [`${rates.errors} errors/s${crossedThreshold(errorCode, limits.errors)}`] : []),
    ...(dropCode > 0 ? [`${rates.drops} drops/s${crossedThreshold(dropCode, limits.drops)}`] : []),
    ...(unknownCode > 0 ? ["its speed is not known: give -w and -c in Mbit/s"] : []),
  ];
  const trafficDatum = (label: string, value: number): Perfdatum => {
    const max = speed === undefined ? {} : { max: speed };
    return { label: `${name}_${label}`, value, unit: "", ...perfdataThresholds(traffic), min: 0, ...max };
  };
  return {
    returnCode: worstOf([linkCode, trafficCode, errorCode, dropCode, unknownCode]),
    text: parts.join(", "),
    perfdata: [
      trafficDatum("in_bps", rates.receivedBits),
      trafficDatum("out_bps", rates.sentBits),
      { label: `${name}_errors`, value: rates.errors, unit: "", ...perfdataThresholds(limits.errors), min: 0 },
      { label: `${name}_drops`, value: rates.drops, unit: "", ...perfdataThresholds(limits.drops), min: 0 },
    ] satisfies Perfdatum[],
  };
}

/** Limits in bits per second; those in percent need the link's speed. */
function trafficThresholds(limits: Limits, speed: number | undefined): Thresholds {
  const inBits = (limit: TrafficLimit | undefined) => {
    if (limit === undefined || (limit.isPercent && speed === undefined)) return undefined;
    const factor = limit.isPercent ? (speed ?? 0) / 100 : 1_000_000;
    return { ...limit.range, start: limit.range.start * factor, end: limit.range.end * factor };
  };
  return { warning: inBits(limits.warning), critical: inBits(limits.critical) };
}
