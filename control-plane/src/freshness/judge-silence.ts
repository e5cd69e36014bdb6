import { noProberReason, type Probing } from "../prober/probing.ts";
import { keepaliveIntervalSeconds } from "./overdue-after.ts";

/** A prober that has just taken over gets this long for its first results. */
const takeOverMs = 60_000;

/** Somebody who is overdue, as the database knows them. Instants in ms UTC; null = never. */
export interface OverdueObject {
  readonly hostId: number;
  /** Null for the host itself. */
  readonly serviceId: number | null;
  readonly overdueAtMs: number;
  readonly lastReceivedAtMs: number | null;
  /** When the object was made: what counts for one that never reported. */
  readonly createdAtMs: number;
  /** Whether an agent that is not revoked runs on the host. */
  readonly hasAgent: boolean;
  /** Of a host that a check tells of: whether its agent's keepalives come all the same. */
  readonly isAgentLive?: boolean;
  /** Seconds between expected results: a check's interval, or the freshness a passive service's owner set; null = unknown. */
  readonly expectedEverySeconds: number | null;
  readonly isPassive: boolean;
  /** The host's own deadline, and when it was last heard of, for services. */
  readonly hostOverdueAtMs: number | null;
  readonly hostLastSeenAtMs: number | null;
  /** How often the host's agent says that it is there. Left out: as usual. */
  readonly keepaliveSeconds?: number;
  /** Who probes the host, which has no agent, as the host's customer may see it: it reads the output. */
  readonly probing?: Probing;
}

export type SilenceVerdict =
  | { readonly verdict: "down" | "stale"; readonly output: string }
  | { readonly verdict: "wait"; readonly reason: string };

/**
 * Says what an overdue object's silence means: an agent's host is DOWN, anything else is STALE. A service waits while its host's agent is
 * late but not yet given up: the host is told of first, and its services then follow from it. Pure.
 */
export function judgeSilence(overdue: OverdueObject, nowMs: number): SilenceVerdict {
  const since = overdue.lastReceivedAtMs ?? overdue.createdAtMs;
  const silence = silenceInWords(nowMs - since);
  const last = overdue.lastReceivedAtMs === null ? "none yet" : `last ${clockTime(overdue.lastReceivedAtMs)}`;
  const { probing } = overdue;
  if (probing !== undefined && !overdue.isPassive) {
    const reason = noProberReason(probing);
    if (reason !== null) return { verdict: "stale", output: `no result for ${silence}: ${reason} (${last})` };
    const isProberLate = nowMs - (probing.lastSeenAtMs ?? 0) > 1.5 * probing.keepaliveSeconds * 1000;
    if (isProberLate) return { verdict: "wait", reason: "the prober's agent is late and not given up yet" };
    if (nowMs - probing.sinceMs < takeOverMs) return { verdict: "wait", reason: "another prober has just taken over" };
    const who = `${expectation(overdue)} of ${probing.proberName === null ? "its prober" : `prober "${probing.proberName}"`}`;
    return { verdict: "stale", output: `no result for ${silence}${who} (${last})` };
  }
  if (overdue.serviceId === null) {
    if (overdue.hasAgent && overdue.isAgentLive === true)
      return { verdict: "stale", output: `no result of the host check for ${silence} (${last})` };
    if (overdue.hasAgent) return { verdict: "down", output: `no keepalive from the agent for ${silence} (${last})` };
    return { verdict: "stale", output: `no result for ${silence}${expectation(overdue)} (${last})` };
  }
  const isHostLate =
    overdue.hasAgent &&
    overdue.hostOverdueAtMs !== null &&
    overdue.hostOverdueAtMs > nowMs &&
    nowMs - (overdue.hostLastSeenAtMs ?? 0) > 1.5 * (overdue.keepaliveSeconds ?? keepaliveIntervalSeconds) * 1000;
  if (isHostLate && !overdue.isPassive)
    return { verdict: "wait", reason: "the host's agent is late and not given up yet" };
  return { verdict: "stale", output: `no result for ${silence}${expectation(overdue)} (${last})` };
}

function expectation({ expectedEverySeconds, isPassive }: OverdueObject): string {
  if (expectedEverySeconds === null) return "";
  const interval = silenceInWords(expectedEverySeconds * 1000);
  return `; expected every ${interval} ${isPassive ? "from its sender" : "from the agent"}`;
}

/** `95 s`, `3 min`, `2 h`, `4 d`: rounded down to a unit that leaves at least two of it. Pure. */
export function silenceInWords(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** The time of day in UTC, with its zone: outputs are read in mails and logs, far from this machine's clock. */
function clockTime(atMs: number): string {
  const iso = new Date(atMs).toISOString();
  return `${iso.slice(11, 19)} UTC`;
}
