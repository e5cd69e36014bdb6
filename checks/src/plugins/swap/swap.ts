import { formatBytes, rounded } from "../../plugin/format-quantity.ts";
import type { OptionValues } from "../../plugin/option-values.ts";
import type { Plugin } from "../../plugin/plugin.ts";
import { report } from "../../plugin/report.ts";
import type { ReturnCode } from "../../plugin-api/return-code.ts";
import { worstOf } from "../../plugin-api/return-code.ts";
import { readSwaps, type SwapArea } from "../../proc/swaps.ts";

const NO_SWAP_CODES = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const satisfies Record<string, ReturnCode>;

/** Free swap space, as check_swap has it. */
export const swap = {
  name: "swap",
  summary: "free swap space",
  notes:
    "Thresholds are the least that must be free. Without -w and -c, WARNING below 20% and CRITICAL below 10% free. " +
    "On a host without swap: what -n says; else CRITICAL when thresholds were given, as check_swap has it, and OK when none were.",
  options: [
    { letter: "w", name: "warning", value: "BYTES|PERCENT%", description: "WARNING when less is free" },
    { letter: "c", name: "critical", value: "BYTES|PERCENT%", description: "CRITICAL when less is free" },
    { letter: "a", name: "allswaps", description: "hold each swap area against the thresholds, one by one" },
    {
      letter: "n",
      name: "no-swap",
      value: "STATE",
      choices: ["ok", "warning", "critical", "unknown"],
      description: "state of a host without swap",
    },
  ],
  examples: [
    { arguments: "-w 20% -c 10%", description: "the defaults, written out" },
    { arguments: "-w 20% -c 10% -n ok", description: "the same on hosts of which some have no swap" },
  ],
  async run(options, context) {
    const limits = readLimits(options);
    const areas = readSwaps(context.procRoot);
    const sizeBytes = total(areas, (area) => area.sizeBytes);
    const freeBytes = sizeBytes - total(areas, (area) => area.usedBytes);
    if (sizeBytes === 0) return reportNoSwap(options);

    const whole = { name: "all swap", sizeBytes, usedBytes: sizeBytes - freeBytes };
    const judged = (options.isGiven("allswaps") ? [whole, ...areas] : [whole]).map((area) => ({
      area,
      returnCode: judgeFree(area, limits),
    }));
    const returnCode = worstOf(judged.map((one) => one.returnCode));
    const bad = judged.filter((one) => one.returnCode > 0 && one.area !== whole).map((one) => describe(one.area));
    const text = `${percentFree(whole)}% free (${formatBytes(freeBytes)} of ${formatBytes(sizeBytes)})`;
    return report("swap", returnCode, [text, ...bad].join("; "), {
      perfdata: [
        {
          label: "swap",
          value: freeBytes,
          unit: "B",
          ...(limits.warning === undefined ? {} : { warn: `${asBytes(limits.warning, sizeBytes)}:` }),
          ...(limits.critical === undefined ? {} : { crit: `${asBytes(limits.critical, sizeBytes)}:` }),
          min: 0,
          max: sizeBytes,
        },
      ],
      longOutput: options.isGiven("verbose") ? areas.map(describe) : [],
    });
  },
} satisfies Plugin;

/** The least that must be free: of the whole in percent, or in bytes. */
interface FreeLimit {
  readonly amount: number;
  readonly isPercent: boolean;
}

interface FreeLimits {
  readonly warning: FreeLimit | undefined;
  readonly critical: FreeLimit | undefined;
}

function readLimits(options: OptionValues): FreeLimits {
  if (!options.isGiven("warning") && !options.isGiven("critical")) {
    return { warning: { amount: 20, isPercent: true }, critical: { amount: 10, isPercent: true } };
  }
  return { warning: readLimit(options, "warning"), critical: readLimit(options, "critical") };
}

function readLimit(options: OptionValues, name: string): FreeLimit | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  const isPercent = text.endsWith("%");
  const amount = options.numberIn(name, isPercent ? text.slice(0, -1) : text, {
    min: 0,
    ...(isPercent ? { max: 100 } : {}),
  });
  return { amount, isPercent };
}

function reportNoSwap(options: OptionValues) {
  const hasThresholds = options.isGiven("warning") || options.isGiven("critical");
  const state = options.text("no-swap") ?? (hasThresholds ? "critical" : "ok");
  const returnCode = state === "ok" || state === "warning" || state === "critical" ? NO_SWAP_CODES[state] : 3;
  const hint = returnCode === 0 ? "" : " (-n ok if that is meant)";
  return report("swap", returnCode, `this host has no swap${hint}`, {
    perfdata: [{ label: "swap", value: 0, unit: "B", min: 0, max: 0 }],
  });
}

function judgeFree(area: SwapArea, limits: FreeLimits): ReturnCode {
  const isBelow = (limit: FreeLimit | undefined): boolean =>
    limit !== undefined && area.sizeBytes - area.usedBytes < asBytes(limit, area.sizeBytes);
  return isBelow(limits.critical) ? 2 : isBelow(limits.warning) ? 1 : 0;
}

function asBytes(limit: FreeLimit, sizeBytes: number): number {
  return limit.isPercent ? Math.round((limit.amount / 100) * sizeBytes) : limit.amount;
}

function percentFree(area: SwapArea): number {
  return rounded(((area.sizeBytes - area.usedBytes) / area.sizeBytes) * 100, 1);
}

function describe(area: SwapArea): string {
  return `${area.name} ${percentFree(area)}% free (${formatBytes(area.sizeBytes - area.usedBytes)})`;
}

function total(areas: readonly SwapArea[], of: (area: SwapArea) => number): number {
  return areas.reduce((sum, area) => sum + of(area), 0);
}
