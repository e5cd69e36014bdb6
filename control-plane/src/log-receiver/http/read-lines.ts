import type { InputIssue } from "@mycloud/protocol/error";
import { InputError } from "../../error/index.ts";
import type { NewLogRecord } from "../../log-store/index.ts";
import type { RecordContext } from "../record/finish-record.ts";
import { recordFromMap } from "../record/record-from-map.ts";
import { recordTime } from "../record/record-time.ts";

export const maximumLines = 100_000;
const maximumIssues = 100;

/**
 * Records of NDJSON: each line an object. All or nothing: throws InputError that names the lines (from 1) which are none, at most a hundred of them.
 * Empty lines count and say nothing. Pure.
 */
export function readLines(text: string, context: RecordContext): NewLogRecord[] {
  const records: NewLogRecord[] = [];
  const issues: InputIssue[] = [];
  let faults = 0;
  let line = 0;
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf("\n", start);
    const end = found === -1 ? text.length : found;
    line += 1;
    const written = text.slice(start, end).trim();
    start = end + 1;
    if (written === "") continue;
    if (records.length === maximumLines) throw new InputError(`more than ${maximumLines} lines; send them in parts`);
    const read = readObject(written);
    if (typeof read === "string") {
      faults += 1;
      if (issues.length < maximumIssues) issues.push({ field: `line ${line}`, message: read });
      continue;
    }
    records.push(recordOf(read, context));
  }
  if (faults === 0) return records;
  const first = issues.slice(0, 5).map(({ field, message }) => `${field}: ${message}`);
  const more = faults > 5 ? `; and ${faults - 5} more` : "";
  throw new InputError(`nothing was stored, for lines are wrong: ${first.join("; ")}${more}`, issues);
}

/** The object, or what is wrong. */
function readObject(text: string): { readonly [key: string]: unknown } | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `is not JSON: ${error instanceof Error ? error.message.slice(0, 120) : String(error)}`;
  }
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : "is no object";
}

function recordOf(map: { readonly [key: string]: unknown }, context: RecordContext): NewLogRecord {
  const time = recordTime(map);
  if (time === null) return recordFromMap(map, { timeUs: null, source: "http", mayNameSource: true }, context);
  const { [time.name]: _, ...rest } = map;
  return recordFromMap(rest, { timeUs: time.timeUs, source: "http", mayNameSource: true }, context);
}
