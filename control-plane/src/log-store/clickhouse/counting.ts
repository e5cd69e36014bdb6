import { type LogFieldValue, logFacilities, logSeverities } from "@mycloud/protocol/log-record";
import type { LogHistogram, LogTopValues } from "@mycloud/protocol/log-search";
import { binsOf } from "../bin-width.ts";
import type { LogRange } from "../log-store.ts";
import { literal } from "./literal.ts";
import { type Reading, rangeSql } from "./reading.ts";

export async function histogram(reading: Reading, range: LogRange, wanted: number): Promise<LogHistogram> {
  const { fromUs, binUs, count } = binsOf(range, wanted);
  const rows = await reading.query<{ bin: string; severity: number; n: string }>(
    `select intDiv(time_us - ${fromUs}, ${binUs}) as bin, severity, count() as n from ${reading.table}
     where ${rangeSql(range)} and ${reading.matches} group by bin, severity`,
  );
  const bins: LogHistogram["bins"] = Array.from({ length: count }, () => ({ count: 0, severities: {} }));
  for (const { bin: place, severity, n } of rows ?? []) {
    const bin = bins[Number(place)];
    if (bin === undefined) continue;
    bin.count += Number(n);
    bin.severities[logSeverities[severity] ?? "none"] = Number(n);
  }
  return { fromUs, binUs, bins, isComplete: rows !== null };
}

export async function countUpTo(
  reading: Reading,
  range: LogRange,
  atMost: number,
): Promise<{ count: number; isComplete: boolean }> {
  const rows = await reading.query<{ n: string }>(
    `select count() as n from (select 1 from ${reading.table} where ${rangeSql(range)} and ${reading.matches} limit ${atMost})`,
  );
  return { count: Number(rows?.[0]?.n ?? 0), isComplete: rows !== null };
}

export async function top(reading: Reading, range: LogRange, field: string, limit: number): Promise<LogTopValues> {
  const { value, has } = valueSql(field);
  const where = `${rangeSql(range)} and ${reading.matches}`;
  const sums = await reading.query<{ matched: string; having: string }>(
    `select count() as matched, countIf(${has}) as having from ${reading.table} where ${where}`,
  );
  const rows = await reading.query<{ value: string | number; n: string }>(
    `select ${value} as value, count() as n from ${reading.table} where ${where} and ${has}
     group by value order by n desc, value limit ${limit}`,
  );
  return {
    field,
    values: (rows ?? []).map((row) => ({ value: readValue(field, row.value), count: Number(row.n) })),
    having: Number(sums?.[0]?.having ?? 0),
    matched: Number(sums?.[0]?.matched ?? 0),
    isComplete: sums !== null && rows !== null,
  };
}

function valueSql(field: string): { readonly value: string; readonly has: string } {
  switch (field) {
    case "host":
    case "source":
    case "service":
    case "message":
    case "pattern":
      return { value: field, has: "1" };
    case "hostId":
      return { value: "ifNull(toString(host_id), '')", has: "isNotNull(host_id)" };
    case "customer":
      return { value: "ifNull(customer, '')", has: "isNotNull(customer)" };
    case "severity":
      return { value: field, has: "severity < 8" };
    case "facility":
      return { value: field, has: "facility < 255" };
    default:
      return { value: `raw[indexOf(names, ${literal(field)})]`, has: `has(names, ${literal(field)})` };
  }
}

function readValue(field: string, value: string | number): LogFieldValue {
  if (field === "severity") return logSeverities[Number(value)] ?? "";
  if (field === "facility") return logFacilities[Number(value)] ?? "";
  if (field === "hostId") return Number(value);
  if (["host", "source", "service", "message", "pattern", "customer"].includes(field)) return value;
  return JSON.parse(String(value));
}

/** Names of fields, most frequent first, by some thousand records. */
export async function fieldNames(reading: Reading, range: LogRange, limit: number): Promise<readonly string[]> {
  const rows = await reading.query<{ name: string }>(
    `select name, count() as n from (select names from ${reading.table} where ${rangeSql(range)} and ${reading.matches} limit 5000)
     array join names as name group by name order by n desc, name limit ${limit}`,
  );
  return (rows ?? []).map(({ name }) => name);
}
