import type { ListParameters } from "../rest/list-path.ts";

/** A record of any resource, as the fake looks at it. */
export type FakeRecord = Readonly<Record<string, unknown>> & { readonly id: number | string };

const isHandled = (record: FakeRecord) =>
  record.isAcknowledged === true ||
  record.isInDowntime === true ||
  record.isHostDown === true ||
  record.hostState === "DOWN";

const special: Readonly<Record<string, (record: FakeRecord, wanted: unknown) => boolean>> = {
  q: (record, wanted) => {
    const text = ["name", "hostName", "serviceName", "output", "email", "action", "actorName", "displayName", "comment"]
      .map((field) => record[field] ?? "")
      .join(" ")
      .toLowerCase();
    return String(wanted)
      .toLowerCase()
      .split(/\s+/)
      .every((word) => text.includes(word));
  },
  hasProblem: (record, wanted) => !["OK", "UP", "PENDING"].includes(String(record.state)) === wanted,
  isHandled: (record, wanted) => isHandled(record) === wanted,
  hasAgent: (record, wanted) => (record.agent !== null) === wanted,
  isVanished: (record, wanted) => (record.vanishedAtMs !== null) === wanted,
  groupByRoot: (record, wanted) => wanted !== true || !isObject(record.rootProblem),
  rootKey: (record, wanted) => isObject(record.rootProblem) && record.rootProblem.key === wanted,
  group: (record, wanted) => Array.isArray(record.groups) && record.groups.includes(wanted),
  label: (record, wanted) => {
    const labels = isObject(record.labels) ? record.labels : {};
    return isObject(wanted) && Object.entries(wanted).every(([name, value]) => labels[name] === value);
  },
  fromMs: (record, wanted) => Number(record.atMs) >= Number(wanted),
  untilMs: (record, wanted) => Number(record.atMs) <= Number(wanted),
  hostName: (record, wanted) => String(record.hostName).includes(String(wanted)),
  name: (record, wanted) => String(record.name).includes(String(wanted)),
};

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function matches(record: FakeRecord, filter: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(filter).every(([key, wanted]) => {
    const own = special[key];
    if (own) return own(record, wanted);
    return Array.isArray(wanted) ? wanted.includes(record[key]) : record[key] === wanted;
  });
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a ?? "").localeCompare(String(b ?? ""), "en", { numeric: true });
}

/** Answers a list question over records in memory, as the server's SQL does. */
export function queryRecords<Item extends FakeRecord>(
  records: readonly Item[],
  parameters: ListParameters,
): { data: Item[]; total: number } {
  const found = records.filter((record) => matches(record, parameters.filter ?? {}));
  const { sort } = parameters;
  if (sort && sort.field !== "") {
    const sign = sort.order === "DESC" ? -1 : 1;
    found.sort((a, b) => sign * compare(a[sort.field], b[sort.field]));
  }
  const { page, perPage } = parameters.pagination ?? { page: 1, perPage: 50 };
  return { data: found.slice((page - 1) * perPage, page * perPage), total: found.length };
}
