import type { LogInput, LogParser, LogRedaction, LogSieve } from "@mycloud/protocol/log-source";

/** What is read, in one line. Pure. */
export function inputText(input: LogInput): string {
  switch (input.type) {
    case "file":
      return input.paths.join(", ");
    case "journal": {
      const units = input.units.length === 0 ? "the journal" : `the journal of ${input.units.join(", ")}`;
      return input.priority === "debug" ? units : `${units}, ${input.priority} or worse`;
    }
    case "command":
      return `output of ${input.command}`;
    case "agent":
      return "the agent's own log";
  }
}

export const parserNames = {
  none: "the line as it is",
  json: "JSON",
  logfmt: "logfmt",
  syslog: "syslog",
  access: "access log",
  regex: "own pattern",
} as const satisfies Record<LogParser["type"], string>;

/** What is taken out before a record leaves its host; null: nothing. Pure. */
export function redactionText({ builtIn, custom }: LogRedaction): string | null {
  const parts = builtIn.map((name) => name.replaceAll("-", " "));
  if (custom.length > 0) parts.push(`${custom.length} own ${custom.length === 1 ? "pattern" : "patterns"}`);
  return parts.length === 0 ? null : parts.join(", ");
}

/** What is left out; null: nothing. Pure. */
export function sieveText({ include, exclude, sample, maximumLinesPerSecond }: LogSieve): string | null {
  const parts = [
    ...(include.length > 0 ? [`lines without ${include.join(" or ")}`] : []),
    ...(exclude.length > 0 ? [`lines with ${exclude.join(" or ")}`] : []),
    ...(sample === null ? [] : [`of ${sample.severity} and below all but one in ${sample.oneIn}`]),
    ...(maximumLinesPerSecond === null ? [] : [`more than ${maximumLinesPerSecond.toLocaleString("en")} a second`]),
  ];
  return parts.length === 0 ? null : parts.join("; ");
}

/** Where records go. Pure. */
export function goalText({
  isSentToControlPlane,
  destinations,
}: {
  readonly isSentToControlPlane: boolean;
  readonly destinations: readonly string[];
}): string {
  return [...(isSentToControlPlane ? ["here"] : []), ...destinations].join(", ") || "nowhere";
}
