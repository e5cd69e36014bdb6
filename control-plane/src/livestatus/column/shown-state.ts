import type { ViewedObject } from "../../status-view/index.ts";

/**
 * The state as this protocol can say it. It has no word for STALE, and its viewers paint what was OK once as OK for ever: so a stale service is
 * UNKNOWN and a stale host UNREACHABLE; what nobody knows is never green. Pure.
 */
export function shownState({ kind, state }: ViewedObject): number {
  if (!state.isStale) return state.state;
  return kind === "service" ? 3 : 2;
}

/** The last believed state. Pure. */
export function shownHardState(object: ViewedObject): number {
  const { state } = object;
  return state.isStale || state.isHard ? shownState(object) : state.lastHardState;
}

/** False only of what is PENDING. Pure. */
export function hasBeenChecked({ state }: ViewedObject): boolean {
  return state.hasBeenChecked || state.isStale;
}

/** How bad a service's state is, for "worst of": CRITICAL above UNKNOWN above WARNING. Pure. */
export function badnessOf(serviceState: number): number {
  return serviceState === 2 ? 4 : serviceState;
}
