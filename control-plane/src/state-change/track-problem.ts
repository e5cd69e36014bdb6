import type { MonitoredState, StateEvent } from "@mycloud/checks/state";
import type { OpenProblem, StoredState } from "./stored-state.ts";

/** What an event means for the problem and the acknowledgement of its object. */
export interface TrackedEvent {
  readonly event: StateEvent;
  /** The problem this event opened, continued or ended. */
  readonly problem: OpenProblem | null;
  readonly isRecovery: boolean;
  readonly acknowledgementId: number | null;
  readonly endedAcknowledgement: EndedAcknowledgement | null;
}

export interface EndedAcknowledgement {
  readonly id: number;
  readonly reason: "recovered" | "state-changed" | "worse";
  readonly atMs: number;
}

/** True while an object is a problem: HARD non-OK, or nothing is known of it any more. Pure. */
function isProblem(state: MonitoredState): boolean {
  return state.isStale || (state.isHard && state.state !== 0);
}

/** True when an object is fine for certain. What is SOFT non-OK is neither: it opens no problem and ends none. */
function isFine(state: MonitoredState): boolean {
  return !state.isStale && state.state === 0;
}

/**
 * Moves `stored` to the state machine's next state: opens a problem at the first HARD non-OK or stale state, ends it (and its
 * acknowledgement) when the object is fine again, and ends an acknowledgement that is not sticky when the problem turns into
 * another. Answers the events with what they meant. Touches only `stored`.
 */
export function trackProblem(
  stored: StoredState,
  next: MonitoredState,
  events: readonly StateEvent[],
  newThreadKey: () => string,
): TrackedEvent[] {
  if (next.hasBeenChecked && !stored.state.hasBeenChecked && next.lastCheckAtMs !== null) {
    stored.firstResultAtMs ??= next.lastCheckAtMs;
  }
  stored.state = next;
  stored.isChanged = true;
  if (events.length === 0) return [];
  const atMs = events[0]?.atMs ?? 0;
  if (stored.problem === null && isProblem(next)) {
    const { hostId, serviceId } = stored;
    stored.problem = { id: null, hostId, serviceId, startedAtMs: atMs, threadKey: newThreadKey(), endedAtMs: null };
  }
  const problem = stored.problem;
  const isRecovered = problem !== null && isFine(next);
  const ended = endedAcknowledgement(stored, next, events, atMs);
  if (ended !== null) stored.acknowledgement = null;
  if (isRecovered) {
    problem.endedAtMs = atMs;
    stored.problem = null;
  }
  const recovery = isRecovered ? recoveryEvent(events) : undefined;
  const lastEvent = events.at(-1);
  return events.map((event) => ({
    event,
    problem,
    isRecovery: event === recovery,
    acknowledgementId: stored.acknowledgement?.id ?? null,
    endedAcknowledgement: event === lastEvent ? ended : null,
  }));
}

/** How bad a state is, for "until it gets worse": silence counts as UNKNOWN does. */
function severityOf(state: string): number {
  return severities[state] ?? 0;
}

const severities: Readonly<Record<string, number>> = {
  WARNING: 1,
  UNKNOWN: 2,
  STALE: 2,
  UNREACHABLE: 2,
  CRITICAL: 3,
  DOWN: 3,
};

function endedAcknowledgement(
  stored: StoredState,
  next: MonitoredState,
  events: readonly StateEvent[],
  atMs: number,
): EndedAcknowledgement | null {
  const { acknowledgement } = stored;
  if (acknowledgement === null) return null;
  if (isFine(next)) return { id: acknowledgement.id, reason: "recovered", atMs };
  const isAnotherState = events.some((event) => event.kind === "state" && event.fromState !== event.toState);
  const { untilWorseThan } = acknowledgement;
  if (untilWorseThan !== null && events.some(({ toState }) => severityOf(toState) > severityOf(untilWorseThan))) {
    return { id: acknowledgement.id, reason: "worse", atMs };
  }
  return isAnotherState && !acknowledgement.isSticky ? { id: acknowledgement.id, reason: "state-changed", atMs } : null;
}

/** The event people would call the recovery: the change to OK, or the first result after silence when that is all there was. */
function recoveryEvent(events: readonly StateEvent[]): StateEvent | undefined {
  return (
    events.find((event) => event.kind === "state" && event.isRecovery) ??
    events.find((event) => event.kind === "stale-stop") ??
    events.at(-1)
  );
}
