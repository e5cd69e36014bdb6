import type {
  AvailabilityFigures,
  AvailabilityRatios,
  AvailabilityState,
  AvailabilityStretch,
  StateShare,
} from "@mycloud/protocol/availability";

/** How long each state held in the stretches, with the ratios that follow. Pure. */
export function addUp(stretches: readonly AvailabilityStretch[]): AvailabilityFigures {
  const states: Partial<Record<AvailabilityState, StateShare>> = {};
  let outsidePeriodMs = 0;
  let notExistingMs = 0;
  for (const { fromMs, untilMs, state, isInDowntime, isCounted } of stretches) {
    const durationMs = untilMs - fromMs;
    if (!isCounted) outsidePeriodMs += durationMs;
    else if (state === null) notExistingMs += durationMs;
    else addShare(states, state, { durationMs, inDowntimeMs: isInDowntime ? durationMs : 0 });
  }
  return withRatios({ states, outsidePeriodMs, notExistingMs });
}

/** The figures of several objects as one. Pure. */
export function addFigures(all: readonly AvailabilityFigures[]): AvailabilityFigures {
  const states: Partial<Record<AvailabilityState, StateShare>> = {};
  let outsidePeriodMs = 0;
  let notExistingMs = 0;
  for (const figures of all) {
    outsidePeriodMs += figures.outsidePeriodMs;
    notExistingMs += figures.notExistingMs;
    for (const [state, share] of sharesOf(figures.states)) addShare(states, state, share);
  }
  return withRatios({ states, outsidePeriodMs, notExistingMs });
}

/** True for what says that nothing is known. */
export function isBlind(state: AvailabilityState): boolean {
  return state === "PENDING" || state === "STALE" || state === "OUTAGE";
}

type Shares = Partial<Record<AvailabilityState, StateShare>>;

function sharesOf(states: Shares): [AvailabilityState, StateShare][] {
  return Object.entries(states) as [AvailabilityState, StateShare][];
}

function addShare(states: Shares, state: AvailabilityState, { durationMs, inDowntimeMs }: StateShare): void {
  const before = states[state];
  states[state] = {
    durationMs: (before?.durationMs ?? 0) + durationMs,
    inDowntimeMs: (before?.inDowntimeMs ?? 0) + inDowntimeMs,
  };
}

function withRatios(
  parts: Pick<AvailabilityFigures, "states" | "outsidePeriodMs" | "notExistingMs">,
): AvailabilityFigures {
  const total = { counted: 0, ok: 0, okInDowntime: 0, blind: 0, downtime: 0, badInDowntime: 0 };
  for (const [state, { durationMs, inDowntimeMs }] of sharesOf(parts.states)) {
    total.counted += durationMs;
    total.downtime += inDowntimeMs;
    if (state === "OK" || state === "UP") {
      total.ok += durationMs;
      total.okInDowntime += inDowntimeMs;
    } else if (isBlind(state)) total.blind += durationMs;
    else total.badInDowntime += inDowntimeMs;
  }
  const ratios: AvailabilityRatios = {
    plain: ratio(total.ok, total.counted),
    downtimeAsOk: ratio(total.ok + total.badInDowntime, total.counted),
    downtimeExcluded: ratio(total.ok - total.okInDowntime, total.counted - total.downtime),
    ofKnown: ratio(total.ok, total.counted - total.blind),
  };
  return {
    ...parts,
    countedMs: total.counted,
    okMs: total.ok,
    blindMs: total.blind,
    downtimeMs: total.downtime,
    ratios,
  };
}

function ratio(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}
