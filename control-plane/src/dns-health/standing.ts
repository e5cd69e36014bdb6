/** What is known of a service at present. */
export interface ServiceSeen {
  /** 0 is OK. */
  readonly state: number;
  readonly isHard: boolean;
  readonly isStale: boolean;
  readonly hasBeenChecked: boolean;
}

/** Whether records of a service are handed out, and since when. */
export interface Standing {
  readonly isOut: boolean;
  readonly changedAtMs: number;
  /** How often it left, each time soon after the last. */
  readonly leaves: number;
}

/** A service that leaves again within this time is not steady. */
const soonMs = 600_000;
const firstHoldMs = 15_000;
const longestHoldMs = 600_000;

/** How long a service that is well again stays out: not at all the first time, then longer each time, so that answers do not flap with it. */
export function holdMs({ leaves }: Pick<Standing, "leaves">): number {
  return leaves <= 1 ? 0 : Math.min(longestHoldMs, firstHoldMs * 2 ** (leaves - 2));
}

/**
 * How a service stands after a look at it. It leaves with a HARD state that is not OK and comes back with a HARD OK; SOFT states, one that is stale and one
 * that was never checked say nothing, and leave it as it stood. `seen` null: there is no such service (any more), which keeps nothing out. Pure.
 */
export function standingAfter(before: Standing | undefined, seen: ServiceSeen | null, nowMs: number): Standing {
  const present = before ?? { isOut: false, changedAtMs: nowMs, leaves: 0 };
  if (seen === null) return present.isOut ? { ...present, isOut: false, changedAtMs: nowMs } : present;
  if (!seen.isHard || seen.isStale || !seen.hasBeenChecked) return present;
  if (seen.state === 0) {
    if (!present.isOut || nowMs - present.changedAtMs < holdMs(present)) return present;
    return { ...present, isOut: false, changedAtMs: nowMs };
  }
  if (present.isOut) return present;
  const isSoon = present.leaves > 0 && nowMs - present.changedAtMs < soonMs;
  return { isOut: true, changedAtMs: nowMs, leaves: isSoon ? present.leaves + 1 : 1 };
}

/** When a service that is well again comes back; null where nothing is waited for. */
export function returnsAtMs(standing: Standing, seen: ServiceSeen | null): number | null {
  const isWaiting = standing.isOut && seen?.isHard && !seen.isStale && seen.state === 0;
  return isWaiting ? standing.changedAtMs + holdMs(standing) : null;
}
