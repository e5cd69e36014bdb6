import type { HostState, ServiceState, ShownHostState, ShownServiceState } from "@mycloud/protocol/state";
import { serviceStateOf, toReturnCode } from "../plugin-api/return-code.ts";
import { STEADY_HISTORY } from "./flapping.ts";

/** What is watched: the two kinds differ in the names of their states and in when a result is believed. */
export type MonitoredKind = "host" | "service";

/**
 * What is remembered of one host or service between two results. Flat, for it is a row that is read and written on
 * every result. Instants are ms UTC; null = never.
 */
export interface MonitoredState {
  /** 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN of a service; 0 UP, 1 DOWN, 2 UNREACHABLE of a host. */
  readonly state: number;
  /** The state type: HARD, or SOFT when false. */
  readonly isHard: boolean;
  /** 1 to max check attempts. */
  readonly attempt: number;
  /** False while PENDING; `state` is then 0, as nagios assumes, but is shown as nothing. */
  readonly hasBeenChecked: boolean;
  readonly isStale: boolean;
  readonly lastHardState: number;
  /** Whether a service's host was not UP at its last result; false on hosts. */
  readonly hadHostProblem: boolean;
  /** The last 21 states that count for flapping, oldest first, one digit each. */
  readonly flapHistory: string;
  /** How much the state changed over those 21, 0 to 100, newer changes weighing more. */
  readonly percentStateChange: number;
  readonly isFlapping: boolean;
  readonly lastCheckAtMs: number | null;
  /** When the last result that was OK (a host: UP) was measured. */
  readonly lastOkAtMs: number | null;
  readonly lastStateChangeAtMs: number | null;
  readonly lastHardStateChangeAtMs: number | null;
}

/** The state before the first result. */
export const PENDING_STATE: MonitoredState = Object.freeze({
  state: 0,
  isHard: true,
  attempt: 1,
  hasBeenChecked: false,
  isStale: false,
  lastHardState: 0,
  hadHostProblem: false,
  flapHistory: STEADY_HISTORY,
  percentStateChange: 0,
  isFlapping: false,
  lastCheckAtMs: null,
  lastOkAtMs: null,
  lastStateChangeAtMs: null,
  lastHardStateChangeAtMs: null,
});

type Shown = Pick<MonitoredState, "state" | "isStale" | "hasBeenChecked">;

/** The name of a stored service state. */
export function serviceStateName(state: number): ServiceState {
  return serviceStateOf(toReturnCode(state));
}

/** The name of a stored host state. */
export function hostStateName(state: number): HostState {
  if (state === 0) return "UP";
  return state === 2 ? "UNREACHABLE" : "DOWN";
}

/** A service's state as people see it: PENDING and STALE hide the state behind them, so that what is unknown is never green. */
export function shownServiceState(state: Shown): ShownServiceState {
  if (state.isStale) return "STALE";
  return state.hasBeenChecked ? serviceStateName(state.state) : "PENDING";
}

/** A host's state as people see it. */
export function shownHostState(state: Shown): ShownHostState {
  if (state.isStale) return "STALE";
  return state.hasBeenChecked ? hostStateName(state.state) : "PENDING";
}

/** The state of either kind as people see it. */
export function shownState(kind: MonitoredKind, state: Shown): ShownHostState | ShownServiceState {
  return kind === "host" ? shownHostState(state) : shownServiceState(state);
}
