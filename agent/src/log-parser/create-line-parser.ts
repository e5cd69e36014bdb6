import type { LogJob } from "@mycloud/protocol/log-source";
import { createLocalClock } from "@mycloud/protocol/syslog";
import { compilePattern, MAXIMUM_MATCHED_CHARACTERS } from "../log-pattern/index.ts";
import { createFieldMapper } from "./map-fields.ts";
import { createAccessParser } from "./parse-access.ts";
import { parseJson } from "./parse-json.ts";
import { parseLogfmt } from "./parse-logfmt.ts";
import { createSyslogParser } from "./parse-syslog-line.ts";
import { newParsedLine, type ParseLine, setField } from "./parsed-line.ts";
import { createTimeReader } from "./read-time.ts";

/**
 * Makes the parser of a job's lines, its mapping included. `hostTimeZone` is an IANA name. Throws PatternError or RangeError where the job has a pattern, a time format
 * or a zone that cannot be used.
 */
export function createLineParser(
  job: Pick<LogJob, "parser" | "mapping" | "input">,
  hostName: string,
  hostTimeZone: string,
): ParseLine {
  const toUtcMs = createLocalClock(job.mapping.timeZone ?? hostTimeZone);
  const readTime = createTimeReader(job.mapping.timeFormat, toUtcMs);
  const mapFields = createFieldMapper(job.mapping, readTime);
  const parse = createFormatParser(job, hostName, toUtcMs);
  // A line that is not parsed has no fields.
  if (job.parser.type === "none" && job.input.type !== "agent") return parse;
  return (line, readAtUs) => {
    const parsed = parse(line, readAtUs);
    mapFields(parsed, readAtUs);
    parsed.message ??= line;
    return parsed;
  };
}

function createFormatParser(
  { parser, input }: Pick<LogJob, "parser" | "input">,
  hostName: string,
  toUtcMs: (localMs: number) => number,
): ParseLine {
  switch (parser.type) {
    case "none":
      // The agent writes JSON, or text for people when it was told so.
      if (input.type === "agent") return (line) => (line.startsWith("{") ? parseJson(line) : newParsedLine(line));
      return (line) => newParsedLine(line);
    case "json":
      return parseJson;
    case "logfmt":
      return parseLogfmt;
    case "syslog":
      return createSyslogParser(hostName, toUtcMs);
    case "access":
      return createAccessParser();
    case "regex":
      return createRegexParser(parser.pattern);
  }
}

function createRegexParser(text: string): ParseLine {
  const pattern = compilePattern(text, "s");
  return (line) => {
    const match = pattern.exec(
      line.length > MAXIMUM_MATCHED_CHARACTERS ? line.slice(0, MAXIMUM_MATCHED_CHARACTERS) : line,
    );
    if (match === null) return newParsedLine(line, "does not match the pattern");
    const parsed = newParsedLine(null);
    const { groups } = match;
    for (const name in groups) {
      const value = groups[name];
      if (value !== undefined) setField(parsed.fields, name, value);
    }
    return parsed;
  };
}
