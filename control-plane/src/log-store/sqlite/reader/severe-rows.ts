// Records that went wrong are few, and so a day has an index of them by stream: what went wrong on one host is found without a look at all that went well around it.
import type { DayPlan } from "./plan-day.ts";
import type { ScanPlan, Statement } from "./scan.ts";

/** As the index `log_severe` has it: warnings, and what is worse. */
const leastSevere = 4;
const severe = (1 << (leastSevere + 1)) - 1;
/** Each stream with each severity is a place in the index to go to. */
const maximumPlaces = 5_000;

/** The streams that are to be looked up in the index; null when the plan is not for it. Pure. */
export function severeStreamsOf(
  { words, severities, streams }: DayPlan,
  all: ReadonlyMap<number, unknown>,
): ReadonlySet<number> | null {
  if (words !== null || severities === null || (severities & ~severe) !== 0) return null;
  const wanted = streams ?? new Set(all.keys());
  return wanted.size * (leastSevere + 1) <= maximumPlaces ? wanted : null;
}

/** As `statementOf`, by the index. Pure. */
export function severeRows(
  { severities, sql }: ScanPlan,
  streams: ReadonlySet<number>,
  columns: string,
  order: "newest" | "oldest" | null,
): Statement {
  const levels = Array.from({ length: leastSevere + 1 }, (_, level) => level);
  const wanted = levels.filter((level) => ((1 << level) & (severities ?? 0)) !== 0);
  const direction = order === "oldest" ? "asc" : "desc";
  // Places are sorted before records are read. The limit keeps SQLite from leaving out the order within.
  const places = `select id as place from log indexed by log_severe
    where id >= ? and id < ? and stream in (select value from json_each(?)) and severity in (select value from json_each(?))
      and severity <= ${leastSevere} order by id ${direction} limit 1000000000`;
  return {
    text: `select ${columns} from (${places}) cross join log on log.id = place ${sql === null ? "" : `where ${sql.text}`}`,
    before: [],
    behind: [JSON.stringify([...streams]), JSON.stringify(wanted), ...(sql?.parameters ?? [])],
  };
}
