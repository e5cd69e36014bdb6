import type { ShownHostState, ShownServiceState } from "@mycloud/protocol/state";
import type { StateChangeKind } from "@mycloud/protocol/state-change";

/**
 * Something that happened to the state of a host or service, one entry of its history.
 *
 * - `state`: the state or its type changed, or one more SOFT attempt was counted (then `fromState` equals `toState`).
 *   A recovery that is not HARD is a soft recovery: the problem went away before anybody was told.
 * - `flapping-start`, `flapping-stop`: both states are the present one.
 * - `stale-start`: results stopped coming, to STALE. `stale-stop`: one came, from STALE to the state it reports.
 *
 * The first result of a PENDING object is an event only when it is not OK, as in nagios.
 */
export interface StateEvent {
  readonly kind: StateChangeKind;
  readonly fromState: ShownHostState | ShownServiceState;
  readonly toState: ShownHostState | ShownServiceState;
  /** The state type the event has: HARD events may be told to people, SOFT ones never. */
  readonly isHard: boolean;
  readonly attempt: number;
  readonly maxCheckAttempts: number;
  /** True on a `state` event from a problem to OK or UP. */
  readonly isRecovery: boolean;
  /** How much the state changed over the last 21 states, 0 to 100. */
  readonly percentStateChange: number;
  /** When the result was measured; for stale-start, when it was noticed. */
  readonly atMs: number;
}
