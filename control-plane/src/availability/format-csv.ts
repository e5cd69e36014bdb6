import { type AvailabilityAnswer, AvailabilityState } from "@mycloud/protocol/availability";

const ratioNames = ["plain", "downtimeAsOk", "downtimeExcluded", "ofKnown"] as const;

/** The answer as CSV (RFC 4180, with a heading): durations in seconds, ratios with six digits, empty where there is no time to speak of. Pure. */
export function formatAvailabilityCsv({ data }: Pick<AvailabilityAnswer, "data">): string {
  const heading = [
    "host",
    "service",
    ...AvailabilityState.options.flatMap((state) => [`${state}_seconds`, `${state}_in_downtime_seconds`]),
    "counted_seconds",
    "blind_seconds",
    "downtime_seconds",
    "outside_period_seconds",
    "not_existing_seconds",
    ...ratioNames.map((name) => `ratio_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`),
  ];
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
  return [heading, ...rows].map((row) => `${row.join(",")}\r\n`).join("");
}

function seconds(durationMs: number): string {
  return String(durationMs / 1000);
}

/** Quoted where it has to be; a name that a spreadsheet would take for a formula is kept from that. */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
