import type { FreshnessState } from "@mycloud/protocol/backup-repository";
import { formatDuration } from "../notification/mail/format-time.ts";

/** What the age of a job's newest snapshot is told from. */
export interface FreshnessFacts {
  readonly lastSnapshotAtMs: number | null;
  /** Since when the policy holds: without a snapshot, the age counts from here. Null: it does not. */
  readonly assignedAtMs: number | null;
  readonly rpoSeconds: number | null;
}

export interface Freshness {
  readonly state: FreshnessState;
  readonly ageSeconds: number;
  /** As a plugin prints it. */
  readonly output: string;
}

/** From this share of the objective on, it is a WARNING. */
const warningShare = 0.8;

/** When the state changes next though no snapshot is made, in milliseconds since 1970; null when it does not. Pure. */
export function freshnessChangesAtMs(
  { lastSnapshotAtMs, assignedAtMs, rpoSeconds }: FreshnessFacts,
  nowMs: number,
): number | null {
  if (rpoSeconds === null || assignedAtMs === null) return null;
  const sinceMs = lastSnapshotAtMs ?? assignedAtMs;
  const changes = [warningShare, 1].map((share) => sinceMs + Math.ceil(rpoSeconds * share) * 1000);
  return changes.find((atMs) => atMs > nowMs) ?? null;
}

/** Holds the age of the newest snapshot against the objective (RPO): WARNING at 80 %, CRITICAL at 100 %, though no job failed. Pure. */
export function judgeFreshness(
  { lastSnapshotAtMs, assignedAtMs, rpoSeconds }: FreshnessFacts,
  nowMs: number,
): Freshness {
  const sinceMs = lastSnapshotAtMs ?? assignedAtMs ?? nowMs;
  const ageSeconds = Math.max(0, Math.floor((nowMs - sinceMs) / 1000));
  if (rpoSeconds === null || assignedAtMs === null) return { state: "none", ageSeconds, output: "no objective" };
  const share = ageSeconds / rpoSeconds;
  const state = share >= 1 ? "CRITICAL" : share >= warningShare ? "WARNING" : "OK";
  const age = formatDuration(ageSeconds * 1000);
  const words =
    lastSnapshotAtMs === null ? `no snapshot yet, ${age} after the policy began` : `newest snapshot is ${age} old`;
  const warnSeconds = Math.floor(rpoSeconds * warningShare);
  const perfdata = `age=${ageSeconds}s;${warnSeconds};${rpoSeconds};0 objective_used=${(share * 100).toFixed(1)}%;80;100;0`;
  return {
    state,
    ageSeconds,
    output: `BACKUP FRESHNESS ${state} - ${words}; objective (RPO) ${formatDuration(rpoSeconds * 1000)} | ${perfdata}`,
  };
}
