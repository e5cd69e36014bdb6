import type { Executor } from "../database/dialect/dialect.ts";
import type { NotificationOutcome } from "../state-change/index.ts";
import { changeOf } from "./change-of.ts";
import type { NotificationVerdict } from "./decide-notification.ts";
import { enqueueMessages, type PlannedMessage, planMessages } from "./enqueue-messages.ts";
import { compose, type DecisionContext, judge, outcomeOf } from "./notification-decider.ts";
import { lockOpenProblems, type OpenProblem, saveOutcome } from "./open-problem-store.ts";
import { contextOf, type ReevaluationDependencies } from "./reevaluate-problems.ts";
import type { RuleSchedule } from "./rule-schedule.ts";
import { deleteSchedules, findDueProblems, saveSchedules } from "./schedule-store.ts";

const problemsPerTransaction = 200;
/** What keeps an object quiet ends at no known time; a rule whose time has come looks again this much later. */
const lookAgainMs = 60_000;

/**
 * Asks the rules whose time has come about problems that are still open: first messages that were delayed, repeats, escalations, time periods that began. Each
 * problem's state is locked while it is judged, and the schedule is moved in the same transaction as the messages are queued, so that nothing is told
 * twice, whoever was killed when. Run it every second; answers how many problems somebody was told of.
 */
export async function tellDue(dependencies: ReevaluationDependencies, signal: AbortSignal): Promise<number> {
  const { database, changes, now } = dependencies;
  let told = 0;
  while (!signal.aborted) {
    const ids = await findDueProblems(database.db, now(), problemsPerTransaction);
    if (ids.length === 0) break;
    told += await database.transaction((tx) => tellDueOf(dependencies, tx, ids));
    if (ids.length < problemsPerTransaction) break;
  }
  if (told > 0) {
    changes.publish("notifications", null);
    changes.publish("state-changes", null);
  }
  return told;
}

/** What is to be stored of one problem. */
interface Judged {
  readonly problem: OpenProblem;
  readonly verdict: NotificationVerdict;
  readonly schedules: readonly RuleSchedule[];
  readonly messageCount: number;
}

async function tellDueOf(
  dependencies: ReevaluationDependencies,
  tx: Executor,
  problemIds: readonly number[],
): Promise<number> {
  const { dialect } = dependencies.database;
  const problems = await lockOpenProblems(tx, dialect, problemIds);
  const open = new Set(problems.map(({ problem }) => problem.id));
  await deleteSchedules(
    tx,
    dialect,
    problemIds.filter((id) => !open.has(id)),
  );
  const context = await contextOf(dependencies, tx, problems, [...open]);
  const hosts = await dependencies.hosts.hostsById(tx, new Set(problems.map(({ hostId }) => hostId)));
  const judged: Judged[] = [];
  const messages = problems.flatMap((problem) => {
    const host = hosts.get(problem.hostId);
    const due = dueOf(problem, context);
    if (host === undefined || due.length === 0) return [];
    const change = changeOf(problem, problem, host, context.nowMs);
    const verdict = judge(change, new Set(due.map(({ ruleId }) => ruleId)), context);
    const composed = compose(change, verdict, remarkOf(problem), context, dependencies);
    judged.push({ problem, verdict, schedules: movedOn(due, verdict, context), messageCount: composed.length });
    return composed;
  });
  const planned = await planMessages(tx, dialect, messages, context.nowMs);
  await store(dependencies, tx, judged, planned, context.nowMs);
  return judged.filter(({ verdict }) => verdict.kind === "notify").length;
}

async function store(
  { database: { dialect }, newThreadKey }: ReevaluationDependencies,
  tx: Executor,
  judged: readonly Judged[],
  planned: readonly PlannedMessage[],
  nowMs: number,
): Promise<void> {
  const rows: (PlannedMessage & { readonly stateChangeId: number })[] = [];
  for (const { problem, verdict, messageCount } of judged) {
    const own = planned.slice(rows.length, rows.length + messageCount);
    for (const message of own) rows.push({ ...message, stateChangeId: problem.stateChangeId });
    const dispositions = own.map(({ plan }) => plan.disposition);
    const outcome = outcomeOf(verdict, dispositions);
    if (outcome !== null && replaces(outcome, problem)) await saveOutcome(tx, problem.stateChangeId, outcome);
  }
  await enqueueMessages(tx, dialect, rows, newThreadKey, nowMs);
  const entries = judged.flatMap(({ problem, schedules }) =>
    schedules.map((entry) => ({ problemId: problem.problem.id, entry })),
  );
  await saveSchedules(tx, dialect, entries);
}

/** The rules to be asked by now; read under the lock, since somebody else may have asked them already. */
function dueOf({ problem }: OpenProblem, { schedules, nowMs }: DecisionContext): RuleSchedule[] {
  return [...(schedules.get(problem.id)?.values() ?? [])].filter(({ dueAtMs }) => dueAtMs !== null && dueAtMs <= nowMs);
}

/** Where the rules that were asked stand now: each either waits for a time to come, or has nothing more to say. */
function movedOn(
  due: readonly RuleSchedule[],
  verdict: NotificationVerdict,
  { nowMs }: DecisionContext,
): RuleSchedule[] {
  const decided = new Map(
    (verdict.kind === "no-question" ? [] : verdict.schedules).map((entry) => [entry.ruleId, entry]),
  );
  // Else a rule without a verdict does not cover the object any more.
  const isObjectQuiet = verdict.kind === "suppress" && decided.size === 0 && verdict.reason !== "no-rule-matches";
  return due.map((entry) => {
    const next = decided.get(entry.ruleId);
    if (next === undefined) return { ...entry, dueAtMs: isObjectQuiet ? nowMs + lookAgainMs : null };
    return next.dueAtMs !== null && next.dueAtMs <= nowMs ? { ...next, dueAtMs: nowMs + lookAgainMs } : next;
  });
}

/** Reasons that a rule asked in time may replace: they were about times as well, or about the object. */
const timely: ReadonlySet<string> = new Set([
  "notifications-disabled",
  "in-downtime",
  "host-down",
  "unreachable",
  "dependency-failed",
  "flapping",
  "acknowledged",
  "outside-period",
  "first-delay",
  "no-enabled-contact",
  "contact-period",
]);

function replaces(outcome: NotificationOutcome, { isNotified, reason }: OpenProblem): boolean {
  if (isNotified || outcome.reason === reason) return false;
  return outcome.isNotified || ["grouped", "digest", "storm"].includes(outcome.reason)
    ? reason !== "grouped" && reason !== "digest"
    : timely.has(outcome.reason) && timely.has(reason);
}

function remarkOf({ isNotified, message, reason }: OpenProblem): string | null {
  return isNotified || !timely.has(reason) ? null : `held back until now: ${message}`;
}
