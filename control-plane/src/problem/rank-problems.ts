import { defaultSettings } from "@mycloud/protocol/monitored";
import type { ProblemFilter } from "@mycloud/protocol/problem";
import { InputError } from "../error/index.ts";
import { hostKey, type ProblemRoots, serviceKey } from "./problem-roots.ts";

/** What the list is ordered by. */
export const keyColumns = [
  "host_id",
  "host_name",
  "service_id",
  "service_name",
  "is_handled",
  "impact",
  "started_at_ms",
  "last_check_at_ms",
] as const;

export interface ProblemKeyRow {
  readonly host_id: number;
  readonly host_name: string;
  readonly service_id: number | null;
  readonly service_name: string | null;
  readonly is_handled: number;
  readonly impact: number;
  readonly started_at_ms: number;
  readonly last_check_at_ms: number | null;
}

export interface RankedProblem extends ProblemKeyRow {
  readonly businessImpact: number;
  readonly impactCount: number;
}

/** `service-12` or `host-3`. */
export function problemKey(row: Pick<ProblemKeyRow, "host_id" | "service_id">): string {
  return row.service_id === null ? hostKey(row.host_id) : serviceKey(row.service_id);
}

/** The problems that pass the filters of roots, with their business impact. Pure. */
export function rankProblems(
  rows: readonly ProblemKeyRow[],
  filter: ProblemFilter,
  roots: ProblemRoots,
): RankedProblem[] {
  const wanted = typeof filter.businessImpact === "number" ? [filter.businessImpact] : filter.businessImpact;
  return rows.flatMap((row) => {
    const rooted = roots.find(problemKey(row));
    const businessImpact = rooted?.businessImpact ?? defaultSettings.businessImpact;
    if (wanted !== undefined && !wanted.includes(businessImpact)) return [];
    if (filter.groupByRoot === true && (rooted?.roots.length ?? 0) > 0) return [];
    if (filter.rootKey !== undefined && !rooted?.roots.includes(filter.rootKey)) return [];
    return [{ ...row, businessImpact, impactCount: rooted?.impactCount ?? 0 }];
  });
}

type Order = (a: RankedProblem, b: RankedProblem) => number;

const sortable: Readonly<Record<string, Order>> = {
  businessImpact: (a, b) => a.businessImpact - b.businessImpact,
  impactCount: (a, b) => a.impactCount - b.impactCount,
  impact: (a, b) => a.impact - b.impact,
  state: (a, b) => a.impact - b.impact,
  startedAtMs: (a, b) => a.started_at_ms - b.started_at_ms,
  hostName: (a, b) => compareText(a.host_name, b.host_name),
  serviceName: (a, b) => compareText(a.service_name ?? "", b.service_name ?? ""),
  lastCheckAtMs: (a, b) => (a.last_check_at_ms ?? 0) - (b.last_check_at_ms ?? 0),
};

const byId: Order = (a, b) => a.host_id - b.host_id || (a.service_id ?? 0) - (b.service_id ?? 0);

const byUrgency: Order = (a, b) =>
  a.is_handled - b.is_handled ||
  b.businessImpact - a.businessImpact ||
  b.impact - a.impact ||
  a.started_at_ms - b.started_at_ms ||
  byId(a, b);

/** In the order asked for, or unhandled first, then by business impact, impact and age. Throws InputError for an order there is none of. Pure. */
export function orderProblems(
  problems: readonly RankedProblem[],
  sort: string | undefined,
  order: "ASC" | "DESC",
): RankedProblem[] {
  if (sort === undefined) return problems.toSorted(byUrgency);
  const compare = Object.hasOwn(sortable, sort) ? sortable[sort] : undefined;
  if (compare === undefined) {
    const allowed = Object.keys(sortable).join(", ");
    throw new InputError(`this list cannot be sorted by "${sort}"; sort by one of: ${allowed}`, [
      { field: "sort", value: sort, message: `not one of: ${allowed}` },
    ]);
  }
  const sign = order === "DESC" ? -1 : 1;
  return problems.toSorted((a, b) => sign * compare(a, b) || byId(a, b));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
