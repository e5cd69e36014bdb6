import type { LogSourceInput } from "@mycloud/protocol/log-source";

/** What of a log source is well formed and could never work. */
export interface SourceFault {
  readonly field: string;
  readonly value: string;
  readonly message: string;
}

/** The first fault of a log source; null when there is none: patterns that are none, encodings and time zones that nobody knows. Pure. */
export function findSourceFault({ input, parser, mapping, redaction, sieve }: LogSourceInput): SourceFault | null {
  const multiline = input.type === "file" || input.type === "command" ? input.multiline : null;
  const patterns: [string, string][] = [
    ...(multiline === null ? [] : [["input.multiline.start", multiline.start] satisfies [string, string]]),
    ...(parser.type === "regex" ? [["parser.pattern", parser.pattern] satisfies [string, string]] : []),
    ...redaction.custom.map(({ pattern }, index): [string, string] => [`redaction.custom.${index}.pattern`, pattern]),
    ...sieve.include.map((pattern, index): [string, string] => [`sieve.include.${index}`, pattern]),
    ...sieve.exclude.map((pattern, index): [string, string] => [`sieve.exclude.${index}`, pattern]),
  ];
  for (const [field, value] of patterns) {
    const message = messageOf(() => new RegExp(value, "u"));
    if (message !== null) return { field, value, message };
  }
  if (parser.type === "regex" && !/\(\?<[^=!]/.test(parser.pattern)) {
    return { field: "parser.pattern", value: parser.pattern, message: "has no named group, such as (?<status>[0-9]+)" };
  }
  if (input.type === "file" && messageOf(() => new TextDecoder(input.encoding)) !== null) {
    return { field: "input.encoding", value: input.encoding, message: "is no encoding of WHATWG's standard" };
  }
  const { timeZone } = mapping;
  if (timeZone !== null && messageOf(() => new Intl.DateTimeFormat("en", { timeZone })) !== null) {
    return { field: "mapping.timeZone", value: timeZone, message: "is no time zone, such as Europe/Berlin" };
  }
  return null;
}

function messageOf(attempt: () => unknown): string | null {
  try {
    attempt();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
