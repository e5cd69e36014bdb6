import { type AvailabilityAnswer, AvailabilityState } from "@mycloud/protocol/availability";

const ratioNames = ["plain", "downtimeAsOk", "downtimeExcluded", "ofKnown"] as const;

/** The first line of the CSV (RFC 4180). */
export function formatCsvHeading(): string {
  return lineOf([
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
    field(object.hostName),
    field(object.serviceName ?? ""),
    ...AvailabilityState.options.flatMap((state) => {
      const share = object.states[state];
      return [seconds(share?.durationMs ?? 0), seconds(share?.inDowntimeMs ?? 0)];
    }),
    ...[object.countedMs, object.blindMs, object.downtimeMs, object.outsidePeriodMs, object.notExistingMs].map(seconds),
    ...ratioNames.map((name) => object.ratios[name]?.toFixed(6) ?? ""),
  ]);
  return rows.map(lineOf).join("");
}

function lineOf(fields: readonly string[]): string {
  return `${fields.join(",")}\r\n`;
}

function seconds(durationMs: number): string {
  return String(durationMs / 1000);
}

/** Quoted where it has to be; a name that a spreadsheet would take for a formula is kept from that. */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
