import type { FreshnessState } from "@mycloud/protocol/backup-repository";
import type { BackupRunPhase } from "@mycloud/protocol/backup-run";
import type { MachineHealth } from "@mycloud/protocol/machine";
import { formatDuration } from "../notification/mail/format-time.ts";

/** How a service of a policy is; null where there is none, or it has nothing to say yet. */
export type WatchedState = "OK" | "WARNING" | "CRITICAL" | "UNKNOWN" | null;

/** One policy's backups of a machine. */
export interface JobFacts {
  readonly policyName: string;
  readonly isPrivate: boolean;
  readonly lastSnapshotAtMs: number | null;
  readonly rpoSeconds: number | null;
  readonly freshness: FreshnessState;
  /** Of the newest run that has ended. */
  readonly lastRunPhase: BackupRunPhase | null;
  readonly unreadableCount: number;
  readonly isPaused: boolean;
  /** Since a change looked like an attack, nothing old is thrown away. */
  readonly isFrozen: boolean;
  readonly drill: WatchedState;
  readonly verify: WatchedState;
  readonly quota: WatchedState;
}

export interface MachineFacts {
  readonly hasAgent: boolean;
  readonly isOnline: boolean;
  readonly lastSeenAtMs: number | null;
  /** Of policies that hold at present. */
  readonly jobs: readonly JobFacts[];
  /** Whether policies of former times left snapshots. */
  readonly hasOldSnapshots: boolean;
  /** The run under way; `share` is from 0 to 1, null while it is not known. */
  readonly run: { readonly isWaiting: boolean; readonly share: number | null } | null;
}

interface Statement {
  readonly health: MachineHealth;
  readonly text: string;
}

const rank: readonly MachineHealth[] = ["good", "unknown", "attention", "bad"];

/**
 * How a machine's backups are, for somebody who has never heard of policies: the worst there is, and a sentence for each thing to know, what matters most
 * first. Pure.
 */
export function describeMachine(
  facts: MachineFacts,
  nowMs: number,
): { readonly health: MachineHealth; readonly sentence: string } {
  const statements = facts.jobs.length === 0 ? nothingIsBackedUp(facts) : statementsOf(facts, nowMs);
  const health = statements.reduce<MachineHealth>(
    (worst, one) => (rank.indexOf(one.health) > rank.indexOf(worst) ? one.health : worst),
    "good",
  );
  return { health, sentence: statements.map(({ text }) => text).join(" ") };
}

function nothingIsBackedUp({ hasAgent, hasOldSnapshots }: MachineFacts): Statement[] {
  if (hasOldSnapshots) {
    return [{ health: "attention", text: "Not backed up any more. What was backed up before is still there." }];
  }
  const text = hasAgent ? "Nothing is backed up: no policy covers it." : "Nothing is backed up: no agent is installed.";
  return [{ health: "unknown", text }];
}

function statementsOf(facts: MachineFacts, nowMs: number): Statement[] {
  const { jobs } = facts;
  const trouble = (health: MachineHealth, isHit: (job: JobFacts) => boolean, say: (of: string) => string) => {
    const hit = jobs.filter(isHit);
    if (hit.length === 0) return null;
    // Who has one policy does not know its name.
    return { health, text: say(hit.length === jobs.length ? "" : ` of ${namesOf(hit)}`) };
  };
  return [
    ageOf(facts, nowMs),
    runOf(facts),
    trouble("bad", (job) => job.isFrozen, attackSuspected),
    trouble(
      "bad",
      (job) => job.verify === "CRITICAL",
      (of) => `Some stored data${of} is damaged.`,
    ),
    trouble(
      "bad",
      (job) => job.drill === "CRITICAL",
      (of) => `The last trial to bring back files${of} failed.`,
    ),
    trouble(
      "bad",
      (job) => job.quota === "CRITICAL",
      (of) => `There is no room left for backups${of}.`,
    ),
    trouble(
      "attention",
      (job) => job.isPaused,
      (of) => `Backups${of} are paused.`,
    ),
    trouble(
      "attention",
      (job) => job.lastRunPhase === "failed",
      (of) => `The last backup${of} failed.`,
    ),
    unreadableOf(jobs),
    trouble(
      "attention",
      (job) => job.quota === "WARNING",
      (of) => `The room for backups${of} is nearly used up.`,
    ),
    trouble(
      "attention",
      (job) => job.drill === "WARNING",
      (of) => `A trial to bring back files${of} is overdue or was slow.`,
    ),
    offlineOf(facts, nowMs),
  ].filter((statement) => statement !== null);
}

function attackSuspected(of: string): string {
  return `So much${of} changed at once that it looks like an attack; all older backups are kept until somebody has looked.`;
}

/** How old the newest snapshot is; of several jobs, of the one that is worst off. */
function ageOf({ jobs, run }: MachineFacts, nowMs: number): Statement {
  const never = jobs.filter(({ lastSnapshotAtMs }) => lastSnapshotAtMs === null);
  const late = jobs.filter(({ freshness }) => freshness === "CRITICAL");
  if (never.length === jobs.length) {
    if (late.length > 0) return { health: "bad", text: "Never backed up, though it should have been by now." };
    const isFirst = run !== null && !run.isWaiting;
    return {
      health: "unknown",
      text: isFirst ? "Not backed up yet: the first time is under way." : "Not backed up yet.",
    };
  }
  const ever = jobs.filter((job) => job.lastSnapshotAtMs !== null);
  if (never.length > 0) {
    const text = `Backed up ${ageInWords(oldestOf(ever), nowMs)}, but ${namesOf(never)} never was.`;
    return { health: late.length > 0 ? "bad" : "attention", text };
  }
  const worst = oldestOf(late.length > 0 ? late : jobs);
  const age = ageInWords(worst, nowMs);
  if (late.length > 0) {
    const what = late.length === jobs.length ? "Last" : `${worst?.policyName ?? ""} was last`;
    const atMost =
      worst?.rpoSeconds == null ? "" : `; it should never be more than ${formatDuration(worst.rpoSeconds * 1000)}`;
    return { health: "bad", text: `${what} backed up ${age}${atMost}.` };
  }
  const isNearlyLate = jobs.some(({ freshness }) => freshness === "WARNING");
  const text = `Backed up ${age}${isNearlyLate ? "; the next backup is nearly overdue" : ""}.`;
  return { health: isNearlyLate ? "attention" : "good", text };
}

function runOf({ run }: MachineFacts): Statement | null {
  if (run === null || run.isWaiting) return null;
  const percent = run.share === null ? "" : ` (${Math.floor(Math.min(1, Math.max(0, run.share)) * 100)} %)`;
  return { health: "good", text: `Backing up now${percent}.` };
}

function unreadableOf(jobs: readonly JobFacts[]): Statement | null {
  const count = jobs.reduce((sum, job) => sum + (job.lastRunPhase === "done" ? job.unreadableCount : 0), 0);
  if (count === 0) return null;
  return { health: "attention", text: `${count === 1 ? "1 file" : `${count} files`} could not be read.` };
}

function offlineOf({ hasAgent, isOnline, lastSeenAtMs, jobs }: MachineFacts, nowMs: number): Statement | null {
  if (isOnline) return null;
  if (!hasAgent) return { health: "attention", text: "No agent is installed any more." };
  const since =
    lastSeenAtMs === null ? "was not heard of yet" : `is offline for ${formatDuration(nowMs - lastSeenAtMs)}`;
  const isPrivate = jobs.some((job) => job.isPrivate);
  const lost = isPrivate ? ", and what only it has the key to can be looked into when it is back" : "";
  return { health: "attention", text: `The machine ${since}${lost}.` };
}

function oldestOf(jobs: readonly JobFacts[]): JobFacts | undefined {
  return jobs.toSorted((a, b) => (a.lastSnapshotAtMs ?? 0) - (b.lastSnapshotAtMs ?? 0))[0];
}

function ageInWords(job: JobFacts | undefined, nowMs: number): string {
  const ageMs = nowMs - (job?.lastSnapshotAtMs ?? nowMs);
  return ageMs < 60_000 ? "just now" : `${formatDuration(ageMs)} ago`;
}

function namesOf(jobs: readonly JobFacts[]): string {
  return jobs.map(({ policyName }) => policyName).join(", ");
}
