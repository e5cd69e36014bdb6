import { rounded } from "../plugin/format-quantity.ts";
import type { PluginOption } from "../plugin/option.ts";
import { perfdataThresholds, type Thresholds } from "../plugin/thresholds.ts";
import type { Perfdatum } from "../plugin-api/perfdata.ts";

/** -w and -c of the plugins that measure how long a service took. */
export const RESPONSE_TIME_OPTIONS = [
  { letter: "w", name: "warning", value: "SECONDS|RANGE", description: "WARNING when the response takes longer" },
  { letter: "c", name: "critical", value: "SECONDS|RANGE", description: "CRITICAL when the response takes longer" },
] as const satisfies readonly PluginOption[];

/** Response time as perfdata. */
export function timePerfdata(seconds: number, thresholds: Thresholds): Perfdatum {
  return { label: "time", value: rounded(seconds, 6), unit: "s", ...perfdataThresholds(thresholds), min: 0 };
}

/** Response time in a sentence: `12 ms`, `1.204 s`. */
export function formatTime(seconds: number): string {
  return seconds < 1 ? `${rounded(seconds * 1_000, 1)} ms` : `${rounded(seconds, 3)} s`;
}
