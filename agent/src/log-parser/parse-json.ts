import { newParsedLine, type ParsedLine, setField } from "./parsed-line.ts";

const MAXIMUM_DEPTH = 8;
const LARGE_NUMBER = 1e12;

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
  // An escape may stand for anything.
  parsed.arePieces = !line.includes("\\");
  flatten(value, "", 0, parsed);
  return parsed;
}

function flatten(value: Readonly<Record<string, unknown>>, prefix: string, depth: number, into: ParsedLine): void {
  const { fields } = into;
  for (const name in value) {
    const member = value[name];
    const path = prefix === "" ? name : prefix + name;
    if (typeof member === "string" || typeof member === "boolean") setField(fields, path, member);
    else if (typeof member === "number") {
      // Written with an exponent, a number may have more digits than the line has.
      if (Math.abs(member) >= LARGE_NUMBER) into.arePieces = false;
      setField(fields, path, Number.isFinite(member) ? member : String(member));
    } else if (isObject(member) && depth < MAXIMUM_DEPTH) flatten(member, `${path}.`, depth + 1, into);
    else if (member !== null && member !== undefined) {
      into.arePieces = false;
      setField(fields, path, JSON.stringify(member));
    }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
