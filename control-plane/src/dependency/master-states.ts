import { hostStateName, serviceStateName } from "@mycloud/checks/state";
import type { DependencyState } from "@mycloud/protocol/dependency";

/** The states a master counts as having: one, but for a stale host, of which nothing is known. */
export type MasterStates = readonly DependencyState[];

/** What of a master's state makes a dependency on it fail or hold. */
export interface MasterState {
  readonly state: number;
  readonly isHard: boolean;
  readonly isStale: boolean;
  readonly hasBeenChecked: boolean;
  readonly lastHardState: number;
}

/** What a master counts as: its last HARD state, PENDING before the first result, UNKNOWN while stale. Pure. */
export function masterStatesOf(kind: "host" | "service", master: MasterState): MasterStates {
  if (!master.hasBeenChecked && !master.isStale) return ["PENDING"];
  const hardState = master.isHard ? master.state : master.lastHardState;
  if (kind === "host") return master.isStale ? ["DOWN", "UNREACHABLE"] : [hostStateName(hardState)];
  return master.isStale ? ["UNKNOWN"] : [serviceStateName(hardState)];
}
