import type { LogCondition } from "@mycloud/protocol/log-query";
import { type LogRecord, logFacilities, logSeverities } from "@mycloud/protocol/log-record";
import type { Scope } from "../../../scope/index.ts";
import type { LogRange } from "../../log-store.ts";
import { dayOf, firstRowOf, formatRecordId, microsecondsPerDay, timeOfRow } from "../../record-id.ts";
import type { DamagedDay } from "../damaged-day.ts";
import { databaseFaultOf, messageOf } from "../database-fault.ts";
import { inodeOf, listDays } from "../day-files.ts";
import { isNoMilestone, withMilestones } from "../milestone.ts";
import { chooseTerms } from "./choose-terms.ts";
import type { DayReader, DayReaders, Row } from "./day-reader.ts";
import { patternMatcher, patternsAsked } from "./pattern-condition.ts";
import { type DayPlan, planDay } from "./plan-day.ts";
import { fieldsOf, RowView } from "./row-view.ts";
import { severeRows, severeStreamsOf } from "./severe-rows.ts";
import type { Stopwatch } from "./stopwatch.ts";
import { type RowRange, windowsOf } from "./windows.ts";

/** What answers are made with. */
export interface Reading {
  readonly directory: string;
  readonly readers: DayReaders;
  readonly stopwatch: Stopwatch;
  /** Days whose file turned out to be damaged; the answer goes on without them. */
  readonly damaged: DamagedDay[];
}

/** A day that a question is about. */
export interface AskedDay {
  readonly reader: DayReader;
  readonly plan: ScanPlan;
  readonly range: RowRange;
  readonly matches: (row: Row) => boolean;
}

/** A plan, as it is carried out. */
export interface ScanPlan extends DayPlan {
  /** In which it can find anything; null when that is not known. */
  readonly hours: ReadonlySet<number> | null;
  /** All streams of the day when those that went wrong are looked up by stream; null when they are not. */
  readonly severeStreams: ReadonlySet<number> | null;
}

/** Columns of `log` that `recordOf` and matching read. */
export const recordColumns =
  "log.id, log.stream, log.severity, log.facility, log.shape, log.delay_ms, log.message, log.fields";
/** Rows between two looks at the clock. */
const rowsALook = 500;

interface Asked extends LogRange {
  readonly condition: LogCondition;
  readonly scope: Scope;
  readonly patterns: readonly string[];
}

/**
 * Asks each day of a range, in order, until `ask` says that it is enough, or the time is over: then `isComplete` is false. Days that are damaged are
 * noted and left out, as are those in which nothing can match.
 */
export function askDays(
  reading: Reading,
  asked: Asked,
  order: "newest" | "oldest",
  ask: (day: AskedDay) => "more" | "enough" | "late",
): { readonly isComplete: boolean } {
  const first = dayOf(asked.fromUs);
  const last = dayOf(Math.max(asked.fromUs, asked.toUs - 1));
  const days = listDays(reading.directory).filter((day) => day >= first && day <= last);
  if (order === "newest") days.reverse();
  let isComplete = true;
  for (const day of days) {
    if (reading.stopwatch.isOver()) return { isComplete: false };
    const outcome = tryDay(reading, day, (reader) => {
      const range = { from: firstRowOf(day, asked.fromUs), to: firstRowOf(day, asked.toUs) };
      const planned = planReader(reader, asked, range);
      return planned === null ? "more" : ask({ reader, range, ...planned });
    });
    if (outcome === "damaged") isComplete = false;
    if (outcome === "late") return { isComplete: false };
    if (outcome === "enough") break;
  }
  return { isComplete };
}

/** Reads a day; a damaged one is noted. `more` when it has no file. */
export function tryDay<Outcome>(
  { directory, readers, damaged }: Reading,
  day: number,
  read: (reader: DayReader) => Outcome,
): Outcome | "more" | "damaged" {
  try {
    const reader = readers.open(day);
    return reader === null ? "more" : read(reader);
  } catch (error) {
    if (databaseFaultOf(error) !== "corrupt") throw error;
    damaged.push({ day, inode: inodeOf(directory, day), reason: messageOf(error) });
    readers.close(day);
    return "damaged";
  }
}

function planReader(
  reader: DayReader,
  { condition, scope, patterns }: Asked,
  range: RowRange,
): { readonly plan: ScanPlan; readonly matches: (row: Row) => boolean } | null {
  const asked = patternsAsked(reader, patterns);
  const streams = reader.streams();
  const wanted = planDay(condition, scope, { streams, shapesOf: asked.shapesOf });
  if (wanted === null) return null;
  const hours = wanted.words === null ? null : hoursFor(reader, condition);
  if (hours?.size === 0) return null;
  const plan = chooseTerms(reader, wanted, range);
  if (plan === null) return null;
  const severeStreams = severeStreamsOf(plan, streams);
  const planned = { ...plan, hours, severeStreams };
  if (plan.isExact) return { plan: planned, matches: () => true };
  const isLike = patternMatcher(condition, asked);
  return { plan: planned, matches: (row) => isLike(new RowView(reader, row), Number(row[4])) };
}

/** Hours that can have records with a condition's words; null when all can. */
function hoursFor(reader: DayReader, condition: LogCondition): ReadonlySet<number> | null {
  const shapes = reader.shapes().shapesFor(condition);
  return shapes === null ? null : reader.hoursOf(shapes);
}

/**
 * Goes through the rows of a day that match, as `columns`, in order, until `visit` returns false. Unless the plan is exact, columns must begin with
 * `recordColumns`. Answers with the row up to which was looked when the time was over, else null.
 */
export function scanDay(
  { stopwatch }: Reading,
  { reader, plan, range, matches }: AskedDay,
  order: "newest" | "oldest",
  columns: string,
  visit: (row: Row) => boolean,
): { readonly lateAt: number } | { readonly lateAt: null } {
  const statement = statementOf(plan, columns, order);
  let looked = 0;
  for (const window of windowsOf(reader, plan, range, order, stopwatch.now)) {
    let at = order === "newest" ? window.to : window.from;
    if (stopwatch.isOver()) return { lateAt: at };
    for (const row of reader.iterate(
      statement.text,
      ...statement.before,
      window.from,
      window.to,
      ...statement.behind,
    )) {
      at = Number(row[0]) + (order === "newest" ? 0 : 1);
      looked += 1;
      const goesOn = !matches(row) || visit(row);
      if (!goesOn) return { lateAt: null };
      if (looked % rowsALook === 0 && stopwatch.isOver()) return { lateAt: at };
    }
  }
  return { lateAt: null };
}

export interface Statement {
  readonly text: string;
  readonly before: readonly (string | number)[];
  readonly behind: readonly (string | number)[];
}

/** Takes the range's two bounds between `before` and `behind`; `order` null is any. Pure. */
export function statementOf(plan: ScanPlan, columns: string, order: "newest" | "oldest" | null): Statement {
  const conditions: string[] = [];
  const behind: (string | number)[] = [];
  if (plan.severeStreams !== null) return severeRows(plan, plan.severeStreams, columns, order);
  if (plan.streams !== null) {
    conditions.push("log.stream in (select value from json_each(?))");
    behind.push(JSON.stringify([...plan.streams]));
  }
  if (plan.severities !== null) {
    conditions.push("(1 << coalesce(log.severity, 8)) & ? > 0");
    behind.push(plan.severities);
  }
  if (plan.sql !== null) {
    conditions.push(plan.sql.text);
    behind.push(...plan.sql.parameters);
  }
  const direction = order === null ? "" : order === "newest" ? "desc" : "asc";
  const id = plan.words === null ? "log.id" : "word.rowid";
  const from = plan.words === null ? "log" : "word cross join log on log.id = word.rowid";
  const isInIndex = plan.words !== null && conditions.length === 0 && columnsOfIndex.has(columns);
  // One word alone is found, or is not there: only several of them are looked for from one to the next without an end.
  const hasMilestones = plan.words !== null && plan.terms?.length !== 1;
  // Elsewhere they go, as `log` has no row for them.
  if (isInIndex && hasMilestones) conditions.push(isNoMilestone);
  const wanted = plan.words === null ? [] : ["word match ?"];
  const where = [...wanted, `${id} >= ?`, `${id} < ?`, ...conditions].join(" and ");
  const selected = isInIndex ? columns.replace("log.id", "word.rowid") : columns;
  return {
    text: `select ${selected} from ${isInIndex ? "word" : from} where ${where}${
      order === null ? "" : ` order by ${id} ${direction}`
    }`,
    before: plan.words === null ? [] : [hasMilestones ? withMilestones(plan.words) : plan.words],
    behind,
  };
}

/** What can be told without the records themselves. */
const columnsOfIndex: ReadonlySet<string> = new Set(["log.id", "count(*)"]);

/** A row of `recordColumns`, as everybody knows records. */
export function recordOf(reader: DayReader, row: Row): LogRecord {
  const [id, streamId, severity, facility, , delayMs, message, json] = row;
  const stream = reader.stream(Number(streamId));
  const timeUs = timeOfRow(reader.day, Number(id));
  return {
    id: formatRecordId(reader.day, Number(id)),
    timeUs,
    receivedAtMs: Math.floor(timeUs / 1000) + Number(delayMs),
    host: stream?.host ?? "",
    hostId: stream?.hostId ?? null,
    customer: stream?.customer ?? null,
    source: stream?.source ?? "",
    service: stream?.service ?? "",
    severity: severity === null ? null : (logSeverities[Number(severity)] ?? null),
    facility: facility === null ? null : (logFacilities[Number(facility)] ?? null),
    message: String(message),
    fields: fieldsOf(json),
  };
}

/** The end of a day. Pure. */
export function endOfDay(day: number): number {
  return (day + 1) * microsecondsPerDay;
}
