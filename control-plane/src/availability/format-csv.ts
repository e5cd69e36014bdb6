import { type AvailabilityAnswer, AvailabilityState } from "@mycloud/protocol/availability";
import { csvField, csvLine } from "../http/csv.ts";

const ratioNames = ["plain", "downtimeAsOk", "downtimeExcluded", "ofKnown"] as const;

/** The first line of the CSV (RFC 4180). */
export function formatCsvHeading(): string {
  return csvLine([
    "host",
    "service",
    ...AvailabilityState.options.flatMap((state) => [`${state}_seconds`, `${state}_in_downtime_seconds`]),
    "counted_seconds",
    "blind_seconds",
    "downtime_seconds",
    "outside_period_seconds",
    "not_existing_seconds",
    ...ratioNames.map((name) => `ratio_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`),
  ]);
}

/** A line for each object: durations in seconds, ratios with six digits, empty where there is no time to speak of. Pure. */
export function formatCsvRows({ data }: Pick<AvailabilityAnswer, "data">): string {
  const rows = data.map((object) => [
    csvField(object.hostName),
    csvField(object.serviceName ?? ""),
    ...AvailabilityState.options.flatMap((state) => {
      const share = object.states[state];
      return [seconds(share?.durationMs ?? 0), seconds(share?.inDowntimeMs ?? 0)];
    }),
    ...[object.countedMs, object.blindMs, object.downtimeMs, object.outsidePeriodMs, object.notExistingMs].map(seconds),
    ...ratioNames.map((name) => object.ratios[name]?.toFixed(6) ?? ""),
  ]);
  return rows.map(csvLine).join("");
}

function seconds(durationMs: number): string {
  return String(durationMs / 1000);
}
