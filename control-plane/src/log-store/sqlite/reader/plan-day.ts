import { holds, type LogCondition, wildcardMatcher } from "@mycloud/protocol/log-query";
import { logFacilities, logSeverities } from "@mycloud/protocol/log-record";
import type { Scope } from "../../../scope/index.ts";
import { addressTokensOf, coveredByAddresses } from "../address-token.ts";
import { type LogStream, noSeverity } from "../batch-codec.ts";
import { fieldToken } from "../field-token.ts";

/** What a day's file calls things by. */
export interface DayDictionary {
  readonly streams: ReadonlyMap<number, LogStream>;
  /** The shapes that belong to the patterns whose id is asked for. */
  shapesOf(parts: readonly string[]): readonly number[];
}

/**
 * What a record must fulfil, in terms of a day's file; null asks nothing. When it `isExact` every record that fulfils it matches, else each is looked
 * at once more.
 */
export interface DayPlan {
  /** For FTS5. */
  readonly words: string | null;
  /** What `words` joins by AND, as FTS5 has it; null when it is something else. */
  readonly terms: readonly string[] | null;
  readonly streams: ReadonlySet<number> | null;
  /** A bit for each severity, the ninth for none. */
  readonly severities: number | null;
  readonly sql: SqlCondition | null;
  readonly isExact: boolean;
  /** Beginnings of words cost as much for an hour as for the day. */
  readonly hasPrefix: boolean;
}

export interface SqlCondition {
  readonly text: string;
  readonly parameters: readonly (string | number)[];
}

interface Need extends DayPlan {
  /** Words that must not be there; known only within an `and`. */
  readonly unwanted: string | null;
}

const nothing: Need = {
  words: null,
  terms: null,
  streams: null,
  severities: null,
  sql: null,
  isExact: true,
  hasPrefix: false,
  unwanted: null,
};
/** Something is asked that the file cannot answer by itself. */
const unknown: Need = { ...nothing, isExact: false };
const never: Need = { ...nothing, streams: new Set() };
const allSeverities = (1 << (noSeverity + 1)) - 1;
/** Shorter beginnings of words have too many ends. */
const minimumPrefix = 3;

/** How a question is asked of a day; null when nothing there can match. Pure. */
export function planDay(condition: LogCondition, scope: Scope, dictionary: DayDictionary): DayPlan | null {
  const asked = needOf(condition, dictionary);
  const seen =
    scope.kind === "all" ? asked : both([asked, byStream(dictionary, ({ customer }) => customer === scope.customer)]);
  // Words that must not be there, alone, cannot be asked for.
  const { unwanted, ...plan } = seen.unwanted === null ? seen : { ...seen, isExact: false };
  if (plan.streams?.size === 0 || plan.severities === 0) return null;
  // Even when it is all streams they are named: one that comes while the question is answered may be somebody else's.
  return plan;
}

function needOf(condition: LogCondition, dictionary: DayDictionary): Need {
  switch (condition.kind) {
    case "all":
      return nothing;
    case "words":
      return ofWords(condition.tokens, condition.isPrefix);
    case "severity":
      return bySeverity((level) => holds(condition.level - level, condition.operator));
    case "number":
      return isOwn(condition.field) ? unknown : { ...unknown, sql: hasField(condition.field) };
    case "field":
      return ofField(condition.field, condition.parts, dictionary);
    case "not":
      return opposite(needOf(condition.of, dictionary), dictionary);
    case "and":
      return both(condition.of.map((one) => needOf(one, dictionary)));
    case "or":
      return either(condition.of.map((one) => needOf(one, dictionary)));
  }
}

function ofWords(tokens: readonly string[], isPrefix: boolean): Need {
  const last = tokens.at(-1) ?? "";
  const hasPrefix = isPrefix && last.length >= minimumPrefix;
  const whole = isPrefix ? tokens.slice(0, -1) : tokens;
  const addresses = addressTokensOf(whole);
  const others = whole.filter((_, place) => !coveredByAddresses(whole, place));
  const quoted = [...addresses, ...others].map((token) => `"${token}"`);
  // The index knows which records have words, not in which order: phrases are looked at once more.
  const isExact = tokens.length === 1 && (!isPrefix || hasPrefix);
  return hasPrefix
    ? { ...nothing, words: joinWords([...quoted, `"${last}" *`], "AND"), hasPrefix, isExact }
    : { ...ofTerms(quoted), isExact };
}

function ofTerms(terms: readonly string[]): Need {
  return terms.length === 0 ? nothing : { ...nothing, words: joinTerms(terms), terms };
}

/** For FTS5: all of these. Pure. */
export function joinTerms(terms: readonly string[]): string {
  return joinWords(terms, "AND") ?? "";
}

function ofField(field: string, parts: readonly string[], dictionary: DayDictionary): Need {
  const isLike = wildcardMatcher(parts);
  switch (field) {
    case "host":
    case "source":
    case "service":
      return byStream(dictionary, (stream) => isLike(stream[field]));
    case "hostId":
      return byStream(dictionary, ({ hostId }) => hostId !== null && isLike(String(hostId)));
    case "customer":
      return byStream(dictionary, ({ customer }) => customer !== null && isLike(customer));
    case "severity":
      return bySeverity((level) => isLike(logSeverities[level] ?? ""));
    case "facility":
      return oneOf(
        "facility",
        [...logFacilities.keys()].filter((number) => isLike(logFacilities[number] ?? "")),
      );
    case "pattern":
      return oneOf("shape", dictionary.shapesOf(parts));
    case "message":
      return unknown;
    default: {
      const [value] = parts;
      if (parts.length === 1 && value !== undefined) return ofTerms([`"${fieldToken(field, value)}"`]);
      return { ...unknown, sql: hasField(field) };
    }
  }
}

function isOwn(field: string): boolean {
  return ["host", "hostId", "source", "service", "customer", "severity", "facility", "pattern", "message"].includes(
    field,
  );
}

function hasField(name: string): SqlCondition {
  return { text: "instr(log.fields, ?) > 0", parameters: [`${JSON.stringify(name)}:`] };
}

function oneOf(column: string, numbers: readonly number[]): Need {
  if (numbers.length === 0) return never;
  return {
    ...nothing,
    sql: { text: `log.${column} in (select value from json_each(?))`, parameters: [JSON.stringify(numbers)] },
  };
}

function byStream({ streams }: DayDictionary, isAsked: (stream: LogStream) => boolean): Need {
  const found = new Set<number>();
  for (const [id, stream] of streams) if (isAsked(stream)) found.add(id);
  return { ...nothing, streams: found };
}

function bySeverity(isAsked: (level: number) => boolean): Need {
  let severities = 0;
  for (const level of logSeverities.keys()) if (isAsked(level)) severities |= 1 << level;
  return { ...nothing, severities };
}

function both(needs: readonly Need[]): Need {
  const words = needs.map((need) => need.words).filter((one) => one !== null);
  const unwanted = needs.map((need) => need.unwanted).filter((one) => one !== null);
  const wanted = joinWords(words, "AND");
  const left = joinWords(unwanted, "OR");
  const terms = left === null ? allOf(needs.filter((need) => need.words !== null).map((need) => need.terms)) : null;
  return {
    words: wanted !== null && left !== null ? `(${wanted}) NOT (${left})` : wanted,
    terms: terms?.flat() ?? null,
    unwanted: wanted === null ? left : null,
    streams: needs.reduce<ReadonlySet<number> | null>((known, { streams }) => intersection(known, streams), null),
    severities: needs.reduce<number | null>(
      (known, { severities }) => (severities === null ? known : (known ?? allSeverities) & severities),
      null,
    ),
    sql: joinSql(
      needs.map(({ sql }) => sql).filter((sql) => sql !== null),
      "and",
    ),
    isExact: needs.every(({ isExact }) => isExact),
    hasPrefix: needs.some(({ hasPrefix }) => hasPrefix),
  };
}

function either(needs: readonly Need[]): Need {
  const kinds = new Set(needs.map(kindOf));
  const hasPrefix = needs.some((need) => need.hasPrefix);
  const words = allOf(needs.map((need) => need.words));
  const streams = allOf(needs.map((need) => need.streams));
  const severities = allOf(needs.map((need) => need.severities));
  const sql = allOf(needs.map((need) => need.sql));
  // Of one kind they are one question; else each kind alone is only what must hold.
  const isOneKind = kinds.size === 1 && !kinds.has("many") && !kinds.has("unwanted");
  const isExact = isOneKind && needs.every((need) => need.isExact);
  return {
    words: words === null ? null : joinWords(words, "OR"),
    terms: null,
    unwanted: null,
    streams: streams === null ? null : new Set(streams.flatMap((some) => [...some])),
    severities: severities === null ? null : severities.reduce((one, other) => one | other),
    sql: sql === null ? null : joinSql(sql, "or"),
    isExact,
    hasPrefix,
  };
}

function opposite(need: Need, { streams }: DayDictionary): Need {
  if (!need.isExact) return unknown;
  switch (kindOf(need)) {
    case "nothing":
      return never;
    case "words":
      return { ...nothing, unwanted: need.words, hasPrefix: need.hasPrefix };
    case "unwanted":
      return { ...nothing, words: need.unwanted, hasPrefix: need.hasPrefix };
    case "streams":
      return { ...nothing, streams: new Set([...streams.keys()].filter((id) => need.streams?.has(id) !== true)) };
    case "severities":
      return { ...nothing, severities: allSeverities & ~(need.severities ?? 0) };
    case "sql":
      return need.sql === null
        ? unknown
        : { ...nothing, sql: { text: `not coalesce(${need.sql.text}, 0)`, parameters: need.sql.parameters } };
    case "many":
      return unknown;
  }
}

type Kind = "nothing" | "words" | "unwanted" | "streams" | "severities" | "sql" | "many";

function kindOf(need: Need): Kind {
  const kinds = (["words", "unwanted", "streams", "severities", "sql"] as const).filter((kind) => need[kind] !== null);
  const [kind] = kinds;
  if (kind === undefined) return "nothing";
  return kinds.length === 1 ? kind : "many";
}

function joinWords(parts: readonly string[], operator: "AND" | "OR"): string | null {
  if (parts.length < 2) return parts[0] ?? null;
  return parts.map((part) => `(${part})`).join(` ${operator} `);
}

function joinSql(parts: readonly SqlCondition[], operator: "and" | "or"): SqlCondition | null {
  if (parts.length < 2) return parts[0] ?? null;
  return {
    text: `(${parts.map(({ text }) => text).join(` ${operator} `)})`,
    parameters: parts.flatMap(({ parameters }) => parameters),
  };
}

function intersection(one: ReadonlySet<number> | null, other: ReadonlySet<number> | null): ReadonlySet<number> | null {
  if (one === null || other === null) return one ?? other;
  return new Set([...one].filter((id) => other.has(id)));
}

/** All of them when none is null. */
function allOf<Value>(values: readonly (Value | null)[]): Value[] | null {
  const known = values.filter((value) => value !== null);
  return known.length === values.length && known.length > 0 ? known : null;
}
