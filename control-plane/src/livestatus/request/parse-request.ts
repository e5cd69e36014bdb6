import { FilterStack, parseComparison } from "./filter-stack.ts";
import {
  type AnswerStyle,
  aggregations,
  type FilterNode,
  type OutputFormat,
  type ParsedRequest,
  type Query,
  RequestError,
  type Separators,
  type SortKey,
  type Stat,
  type WaitTrigger,
  waitTriggers,
} from "./request.ts";

const formats: Readonly<Record<string, OutputFormat | undefined>> = {
  csv: "csv",
  CSV: "CSV",
  json: "json",
  wrapped_json: "wrapped_json",
  python: "python",
  python3: "python",
};

/** What the headers said so far. */
interface Draft {
  columns: string[] | null;
  groupBy: string[] | null;
  readonly filters: FilterStack;
  readonly stats: Stat[];
  readonly sort: SortKey[];
  limit: number | null;
  offset: number;
  columnHeaders: boolean | null;
  format: OutputFormat;
  separators: Separators;
  authUser: string | null;
  clockOffsetSeconds: number;
  hasFixed16: boolean;
  isKeptAlive: boolean;
  readonly waitConditions: FilterStack;
  waitObject: string | null;
  waitTrigger: WaitTrigger | null;
  waitTimeoutMs: number | null;
}

/** Too many filters for one request to be worth an answer; NagVis' largest maps send some thousand. */
const maximumFilters = 20_000;

/**
 * Reads the lines of one request, without the empty one that ends it. Pure; never throws. Of several faults the first is answered, in the style
 * that the other headers ask for. `nowMs` is our clock, for `Localtime:`.
 */
export function parseRequest(lines: readonly string[], nowMs: number): ParsedRequest {
  const first = (lines[0] ?? "").trimEnd();
  const command = /^COMMAND\s+(.*)$/s.exec(first);
  if (command !== null) {
    const authUser = lines.slice(1).flatMap((line) => /^AuthUser:\s*(.*?)\s*$/.exec(line)?.[1] ?? [])[0] ?? null;
    return { kind: "command", line: (command[1] ?? "").trim(), authUser };
  }
  const draft = newDraft();
  let error: RequestError | undefined;
  const get = /^GET\s+(\S+)$/.exec(first);
  if (get === null) {
    const isGet = /^GET\b/.test(first);
    error = new RequestError(452, isGet ? "GET names no table" : "a request starts with GET or COMMAND");
  }
  let filterCount = 0;
  for (const line of lines.slice(1)) {
    try {
      if (/^(Filter|Stats|WaitCondition):/.test(line) && ++filterCount > maximumFilters)
        throw new RequestError(413, `there are more than ${maximumFilters} filters`);
      takeHeader(draft, line, nowMs);
    } catch (fault) {
      if (!(fault instanceof RequestError)) throw fault;
      error ??= fault;
    }
  }
  const style: AnswerStyle = { hasFixed16: draft.hasFixed16, isKeptAlive: draft.isKeptAlive };
  if (error !== undefined) return { kind: "error", error, style };
  return { kind: "query", query: toQuery(get?.[1] ?? "", draft) };
}

function newDraft(): Draft {
  return {
    columns: null,
    groupBy: null,
    filters: new FilterStack(),
    stats: [],
    sort: [],
    limit: null,
    offset: 0,
    columnHeaders: null,
    format: "csv",
    separators: { row: "\n", column: ";", list: ",", pair: "|" },
    authUser: null,
    clockOffsetSeconds: 0,
    hasFixed16: false,
    isKeptAlive: false,
    waitConditions: new FilterStack(),
    waitObject: null,
    waitTrigger: null,
    waitTimeoutMs: null,
  };
}

function toQuery(table: string, draft: Draft): Query {
  const columns = draft.columns ?? draft.groupBy;
  const isStats = draft.stats.length > 0;
  const isWaiting = draft.waitTrigger !== null || !draft.waitConditions.isEmpty;
  return {
    table,
    // A Stats query without columns is one row of figures.
    columns: columns ?? (isStats ? [] : null),
    filter: draft.filters.result(),
    stats: draft.stats,
    sort: draft.sort,
    limit: draft.limit,
    offset: draft.offset,
    hasColumnHeaders: draft.columnHeaders ?? (columns === null && !isStats),
    format: draft.format,
    separators: draft.separators,
    authUser: draft.authUser,
    clockOffsetSeconds: draft.clockOffsetSeconds,
    hasFixed16: draft.hasFixed16,
    isKeptAlive: draft.isKeptAlive,
    wait: isWaiting
      ? {
          object: draft.waitObject,
          trigger: draft.waitTrigger,
          condition: draft.waitConditions.isEmpty ? null : draft.waitConditions.result(),
          timeoutMs: draft.waitTimeoutMs,
        }
      : null,
  };
}

function takeHeader(draft: Draft, line: string, nowMs: number): void {
  const colon = line.indexOf(":");
  const name = colon < 0 ? line : line.slice(0, colon);
  const header = headers[name];
  if (colon < 0 || header === undefined || !Object.hasOwn(headers, name))
    throw new RequestError(400, `undefined request header "${name.slice(0, 100)}"`);
  // Only what stands before a value is cut: a value may end in blanks.
  header(draft, line.slice(colon + 1).trimStart(), nowMs);
}

type Header = (draft: Draft, value: string, nowMs: number) => void;

const headers: Readonly<Record<string, Header>> = {
  Columns: (draft, value) => {
    draft.columns = [...(draft.columns ?? []), ...wordsOf(value)];
  },
  Filter: (draft, value) => draft.filters.push(parseComparison(value)),
  And: (draft, value) => draft.filters.join("and", count("And", value)),
  Or: (draft, value) => draft.filters.join("or", count("Or", value)),
  Negate: (draft) => draft.filters.negate(),
  Stats: (draft, value) => void draft.stats.push(parseStat(value)),
  StatsAnd: (draft, value) => joinStats(draft, "and", count("StatsAnd", value)),
  StatsOr: (draft, value) => joinStats(draft, "or", count("StatsOr", value)),
  StatsNegate: (draft) => {
    for (const of of takeCounts(draft, 1)) pushCount(draft, { kind: "not", of });
  },
  StatsGroupBy: (draft, value) => {
    draft.groupBy = [...(draft.groupBy ?? []), ...wordsOf(value)];
  },
  Sort: (draft, value) => void draft.sort.push(parseSort(value)),
  OrderBy: (draft, value) => void draft.sort.push(parseSort(value)),
  Limit: (draft, value) => {
    draft.limit = count("Limit", value);
  },
  Offset: (draft, value) => {
    draft.offset = count("Offset", value);
  },
  // How long an answer may take is our own limit.
  Timelimit: (_, value) => void count("Timelimit", value),
  ColumnHeaders: (draft, value) => {
    draft.columnHeaders = isOn("ColumnHeaders", value);
  },
  KeepAlive: (draft, value) => {
    draft.isKeptAlive = isOn("KeepAlive", value);
  },
  OutputFormat: (draft, value) => {
    const word = value.trim();
    const format = Object.hasOwn(formats, word) ? formats[word] : undefined;
    if (format === undefined)
      throw new RequestError(400, "OutputFormat is not one of csv, CSV, json, wrapped_json, python");
    draft.format = format;
  },
  ResponseHeader: (draft, value) => {
    const word = value.trim();
    if (word !== "fixed16" && word !== "off") throw new RequestError(400, "ResponseHeader is neither off nor fixed16");
    draft.hasFixed16 = word === "fixed16";
  },
  Separators: (draft, value) => {
    const [row, column, list, pair] = wordsOf(value).map((word) => count("Separators", word));
    if (row === undefined || column === undefined || list === undefined || pair === undefined)
      throw new RequestError(400, "Separators are not four numbers of characters");
    if (Math.max(row, column, list, pair) > 255) throw new RequestError(400, "a separator is above 255");
    draft.separators = {
      row: String.fromCharCode(row),
      column: String.fromCharCode(column),
      list: String.fromCharCode(list),
      pair: String.fromCharCode(pair),
    };
  },
  AuthUser: (draft, value) => {
    draft.authUser = value.trim();
  },
  Localtime: (draft, value, nowMs) => {
    const theirs = count("Localtime", value);
    const halfHours = Math.round((nowMs / 1000 - theirs) / 1800);
    if (Math.abs(halfHours) > 48) throw new RequestError(400, "Localtime is more than 24 hours from our clock");
    draft.clockOffsetSeconds = -halfHours * 1800;
  },
  WaitObject: (draft, value) => {
    draft.waitObject = value.trim();
  },
  WaitTrigger: (draft, value) => {
    const trigger = waitTriggers.find((known) => known === value.trim());
    if (trigger === undefined) throw new RequestError(400, `WaitTrigger is not one of ${waitTriggers.join(", ")}`);
    draft.waitTrigger = trigger;
  },
  WaitCondition: (draft, value) => draft.waitConditions.push(parseComparison(value)),
  WaitConditionAnd: (draft, value) => draft.waitConditions.join("and", count("WaitConditionAnd", value)),
  WaitConditionOr: (draft, value) => draft.waitConditions.join("or", count("WaitConditionOr", value)),
  WaitConditionNegate: (draft) => draft.waitConditions.negate(),
  WaitTimeout: (draft, value) => {
    const timeoutMs = count("WaitTimeout", value);
    draft.waitTimeoutMs = timeoutMs === 0 ? null : Math.min(timeoutMs, 2 ** 31 - 1);
  },
};

function parseStat(value: string): Stat {
  const [word = "", column, ...more] = wordsOf(value);
  const kind = aggregations.find((known) => known === word);
  if (kind === undefined || column === undefined || more.length > 0)
    return { kind: "count", filter: parseComparison(value) };
  return { kind, column };
}

/** The filters of the last counters, taken off: they become one counter. */
function takeCounts({ stats }: Draft, wanted: number) {
  if (wanted > stats.length)
    throw new RequestError(400, `cannot combine ${wanted} Stats, only ${stats.length} were given before`);
  return stats.splice(stats.length - wanted, wanted).map((stat) => {
    if (stat.kind !== "count") throw new RequestError(400, `${stat.kind} counts nothing and cannot be combined`);
    return stat.filter;
  });
}

function joinStats(draft: Draft, kind: "and" | "or", wanted: number): void {
  pushCount(draft, { kind, of: takeCounts(draft, wanted) });
}

/** Filters are walked by recursion: how deep they may be nested is bounded, as it is for those on rows. */
const maximumDepth = 100;

function pushCount({ stats }: Draft, filter: FilterNode): void {
  if (depthOf(filter) > maximumDepth) throw new RequestError(413, `Stats are nested deeper than ${maximumDepth}`);
  stats.push({ kind: "count", filter });
}

function depthOf(filter: FilterNode): number {
  let depth = 0;
  // Breadth first: this must not be what overflows the stack.
  let level: readonly FilterNode[] = [filter];
  while (level.length > 0 && depth <= maximumDepth) {
    depth++;
    level = level.flatMap((node) => (node.kind === "compare" ? [] : node.of));
  }
  return depth;
}

function parseSort(value: string): SortKey {
  const words = wordsOf(value);
  const direction = /^(asc|desc)$/i.test(words.at(-1) ?? "") && words.length > 1 ? words.pop() : "asc";
  const [column, key, ...more] = words;
  if (column === undefined || more.length > 0) throw new RequestError(400, "Sort is not a column and asc or desc");
  return { column, key: key ?? null, isDescending: direction?.toLowerCase() === "desc" };
}

function wordsOf(value: string): string[] {
  return value.split(/\s+/).filter((word) => word !== "");
}

function count(header: string, value: string): number {
  const word = value.trim();
  if (!/^\d{1,15}$/.test(word)) throw new RequestError(400, `${header}: expected a number of 0 or more`);
  return Number(word);
}

function isOn(header: string, value: string): boolean {
  const word = value.trim();
  if (word !== "on" && word !== "off") throw new RequestError(400, `${header} is neither on nor off`);
  return word === "on";
}
