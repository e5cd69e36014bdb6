import type { Problem } from "@mycloud/protocol/problem";

/** Ages the overview sorts problems into; `underSeconds` is exclusive, Infinity for the last. */
export const ageBuckets = [
  { key: "new", label: "< 15m", underSeconds: 900 },
  { key: "hour", label: "< 1h", underSeconds: 3_600 },
  { key: "day", label: "< 1d", underSeconds: 86_400 },
  { key: "old", label: "older", underSeconds: Infinity },
] as const;

/** One line of the overview's table: problems of one state, counted by age. */
export interface MatrixRow {
  readonly state: string;
  readonly impact: number;
  readonly counts: number[];
  readonly total: number;
}

type Countable = Pick<Problem, "state" | "impact" | "startedAtMs">;

/** Counts problems by state and age, worst impact first. */
export function problemMatrix(problems: readonly Countable[], nowMs: number): MatrixRow[] {
  const rows = new Map<string, { impact: number; counts: number[]; total: number }>();
  for (const problem of problems) {
    const row = rows.get(problem.state) ?? { impact: problem.impact, counts: ageBuckets.map(() => 0), total: 0 };
    const ageSeconds = (nowMs - problem.startedAtMs) / 1000;
    const bucket = ageBuckets.findIndex((each) => ageSeconds < each.underSeconds);
    row.counts[bucket] = (row.counts[bucket] ?? 0) + 1;
    row.total++;
    rows.set(problem.state, row);
  }
  return [...rows]
    .map(([state, row]) => ({ state, ...row }))
    .sort((a, b) => b.impact - a.impact || a.state.localeCompare(b.state));
}

type Orderable = Pick<Problem, "impact" | "startedAtMs" | "isAcknowledged" | "isInDowntime" | "isHostDown">;

/** Says whether somebody or something already accounts for a problem. */
export function isHandled(problem: Pick<Problem, "isAcknowledged" | "isInDowntime" | "isHostDown">): boolean {
  return problem.isAcknowledged || problem.isInDowntime || problem.isHostDown;
}

/** Orders problems as somebody should look at them: unhandled first, then by impact, then the newest. */
export function compareProblems(a: Orderable, b: Orderable): number {
  return Number(isHandled(a)) - Number(isHandled(b)) || b.impact - a.impact || b.startedAtMs - a.startedAtMs;
}
