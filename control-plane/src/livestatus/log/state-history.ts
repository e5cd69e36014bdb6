import type { ViewedObject } from "../../status-view/index.ts";
import { shownState } from "../column/index.ts";
import { stateOfWord } from "./log-entry.ts";

/** A change of an object's state, as history keeps it. */
export interface HistoricChange {
  readonly fromState: string;
  readonly toState: string;
  readonly output: string;
  readonly atMs: number;
}

/** A time in which something holds; its end no longer belongs to it. */
export interface Stretch {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A stretch of one object's past in which nothing about it changed. */
export interface HistoricStretch extends Stretch {
  readonly object: ViewedObject;
  /** As `state` of its table; -1 while nobody had heard of it. */
  readonly state: number;
  readonly isHostDown: boolean;
  readonly isInDowntime: boolean;
  readonly isHostInDowntime: boolean;
  readonly output: string;
  /** The whole time asked about, ms. */
  readonly rangeMs: number;
}

interface StateFrom {
  readonly atMs: number;
  readonly state: number;
  readonly output: string;
}

/**
 * The states of an object from `fromMs` on. `changes` are all of its changes from then until now, oldest first: the first one says what was
 * before it, and where there is none the present state is as old. Pure.
 */
export function statesFrom(object: ViewedObject, changes: readonly HistoricChange[], fromMs: number): StateFrom[] {
  const isService = object.kind === "service";
  const [first] = changes;
  const numberOf = (word: string) => (word === "PENDING" ? -1 : stateOfWord(word, isService).state);
  const isKnown = object.state.hasBeenChecked || object.state.isStale;
  const before: StateFrom =
    first === undefined
      ? { atMs: fromMs, state: isKnown ? shownState(object) : -1, output: object.state.output }
      : { atMs: fromMs, state: numberOf(first.fromState), output: "" };
  return [before, ...changes.map(({ toState, output, atMs }) => ({ atMs, state: numberOf(toState), output }))];
}

export interface ObjectPast {
  readonly object: ViewedObject;
  readonly states: readonly StateFrom[];
  readonly hostStates: readonly StateFrom[];
  readonly downtimes: readonly Stretch[];
  readonly hostDowntimes: readonly Stretch[];
}

/** Cuts an object's past wherever something about it changed. Pure. */
export function stretchesOf(past: ObjectPast, { fromMs, untilMs }: Stretch): HistoricStretch[] {
  const { object, states, hostStates, downtimes, hostDowntimes } = past;
  const cuts = new Set([fromMs]);
  for (const { atMs } of [...states, ...hostStates]) cuts.add(atMs);
  for (const one of [...downtimes, ...hostDowntimes]) cuts.add(one.fromMs).add(one.untilMs);
  const sorted = [...cuts].filter((atMs) => atMs >= fromMs && atMs < untilMs).sort((a, b) => a - b);
  return sorted.map((atMs, index) => {
    const { state, output } = stateAt(states, atMs);
    const isIn = (stretches: readonly Stretch[]) => stretches.some((one) => one.fromMs <= atMs && atMs < one.untilMs);
    return {
      object,
      fromMs: atMs,
      untilMs: sorted[index + 1] ?? untilMs,
      state,
      output,
      isHostDown: stateAt(hostStates, atMs).state > 0,
      isInDowntime: isIn(downtimes),
      isHostInDowntime: isIn(hostDowntimes),
      rangeMs: untilMs - fromMs,
    };
  });
}

const unheardOf = { state: -1, output: "" };

function stateAt(states: readonly StateFrom[], atMs: number): Pick<StateFrom, "state" | "output"> {
  return states.findLast((one) => one.atMs <= atMs) ?? unheardOf;
}
