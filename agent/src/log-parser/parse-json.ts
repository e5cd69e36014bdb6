import type { LogFieldValue } from "@mycloud/protocol/log-record";
import { newParsedLine, type ParsedLine, setField } from "./parsed-line.ts";

const MAXIMUM_DEPTH = 8;

/** Parses a line that is one JSON object: nested objects are joined by dots, arrays become JSON text, null is left out. Pure. */
export function parseJson(line: string): ParsedLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return newParsedLine(line, "is no JSON");
  }
  if (!isObject(value)) return newParsedLine(line, "is no JSON object");
  const parsed = newParsedLine(null);
  flatten(value, "", 0, parsed.fields);
  return parsed;
}

function flatten(value: object, prefix: string, depth: number, fields: Record<string, LogFieldValue>): void {
  for (const [name, member] of Object.entries(value)) {
    const path = `${prefix}${name}`;
    if (typeof member === "string" || typeof member === "boolean") setField(fields, path, member);
    else if (typeof member === "number") setField(fields, path, Number.isFinite(member) ? member : String(member));
    else if (isObject(member) && depth < MAXIMUM_DEPTH) flatten(member, `${path}.`, depth + 1, fields);
    else if (member !== null && member !== undefined) setField(fields, path, JSON.stringify(member));
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
