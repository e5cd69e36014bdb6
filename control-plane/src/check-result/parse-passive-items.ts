import { maximumResultsPerRequest, PassiveCheckResult, type RejectedItem } from "@mycloud/protocol/check-result";
import { InputError, TooLargeError } from "../error/index.ts";

/** An item that can be read, with its place in the request. */
export interface IndexedItem {
  readonly index: number;
  readonly item: PassiveCheckResult;
}

export interface ParsedItems {
  readonly items: IndexedItem[];
  readonly rejected: RejectedItem[];
}

/**
 * Reads the body of POST /api/v1/check-results: a JSON array, one JSON object, or (NDJSON) one object a line. A bad item is rejected by
 * itself. Throws InputError when nothing can be told apart, TooLargeError above 5,000 items.
 */
export function parsePassiveItems(body: string, isNdjson: boolean): ParsedItems {
  const parsed: ParsedItems = { items: [], rejected: [] };
  if (isNdjson) parseLines(parsed, body);
  else parseArray(parsed, body);
  return parsed;
}

function parseArray(parsed: ParsedItems, body: string): void {
  const value = parseJson(body);
  if (!value.isJson) throw new InputError(`the body is not JSON (${value.message}); send an array of check results`);
  const values = Array.isArray(value.value) ? value.value : [value.value];
  refuseTooMany(values.length);
  for (let index = 0; index < values.length; index++) parseItem(parsed, index, values[index]);
}

function parseLines(parsed: ParsedItems, body: string): void {
  const lines = body.split("\n").filter((line) => line.trim() !== "");
  refuseTooMany(lines.length);
  for (const [index, line] of lines.entries()) {
    const value = parseJson(line);
    if (value.isJson) parseItem(parsed, index, value.value);
    else parsed.rejected.push({ index, code: "MYCLOUD_INPUT", message: `the line is not JSON (${value.message})` });
  }
}

function refuseTooMany(count: number): void {
  if (count > maximumResultsPerRequest) {
    throw new TooLargeError(`${count} results in one request; send at most ${maximumResultsPerRequest}`);
  }
}

function parseJson(text: string): { isJson: true; value: unknown } | { isJson: false; message: string } {
  try {
    return { isJson: true, value: JSON.parse(text) };
  } catch (error) {
    return { isJson: false, message: error instanceof Error ? error.message.slice(0, 200) : "unreadable" };
  }
}

function parseItem(parsed: ParsedItems, index: number, value: unknown): void {
  if (isPlainlyValid(value)) {
    parsed.items.push({ index, item: value });
    return;
  }
  const result = PassiveCheckResult.safeParse(value);
  if (result.success) {
    parsed.items.push({ index, item: result.data });
    return;
  }
  const issue = result.error.issues[0];
  const field = issue?.path.join(".");
  const message = `${field ? `${field}: ` : ""}${issue?.message ?? "not a check result"}`;
  parsed.rejected.push({ index, ...namesOf(value), code: "MYCLOUD_INPUT", message });
}

/** What can be told of a rejected item's names, so that the sender finds it. */
function namesOf(value: unknown): { host?: string; service?: string } {
  if (typeof value !== "object" || value === null) return {};
  const names: { host?: string; service?: string } = {};
  if ("host" in value && typeof value.host === "string") names.host = value.host.slice(0, 255);
  if ("service" in value && typeof value.service === "string") names.service = value.service.slice(0, 255);
  return names;
}

const maximumInstantMs = 8_640_000_000_000_000;

/**
 * True for items that PassiveCheckResult accepts unchanged, without its cost: zod takes several microseconds an item, which at 20,000 items a
 * second is a tenth of a core. Whatever this does not recognise goes to the schema itself, so there is one source of messages. Pure.
 */
export function isPlainlyValid(value: unknown): value is PassiveCheckResult {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const item: { [Key in keyof PassiveCheckResult]?: unknown } = value;
  return (
    isName(item.host) &&
    (item.service === undefined || item.service === null || isName(item.service)) &&
    Number.isSafeInteger(item.returnCode) &&
    typeof item.output === "string" &&
    item.output.length <= 65_536 &&
    (item.checkedAtMs === undefined || isIntegerWithin(item.checkedAtMs, maximumInstantMs)) &&
    (item.executionTimeSeconds === undefined || isNumberWithin(item.executionTimeSeconds, 86_400))
  );
}

function isName(value: unknown): boolean {
  return typeof value === "string" && value !== "" && value.length <= 255;
}

function isIntegerWithin(value: unknown, maximum: number): boolean {
  return Number.isSafeInteger(value) && isNumberWithin(value, maximum);
}

function isNumberWithin(value: unknown, maximum: number): boolean {
  return typeof value === "number" && value >= 0 && value <= maximum;
}
