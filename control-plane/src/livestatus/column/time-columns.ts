import type { ViewedObject } from "../../status-view/index.ts";
import { type Column, time } from "./column.ts";
import { hasBeenChecked, shownState } from "./shown-state.ts";

/** When what happened, in seconds UTC; 0 = never. */
export function timeColumns(): Column<ViewedObject>[] {
  const lastTimeIn =
    (state: number) =>
    (object: ViewedObject): number | null => {
      if (state === 0 && object.state.lastOkAtMs !== null) return object.state.lastOkAtMs;
      return hasBeenChecked(object) && shownState(object) === state ? object.state.lastCheckAtMs : null;
    };
  return [
    time("last_check", "When it was last checked", ({ state }) => state.lastCheckAtMs),
    time("next_check", "When it is checked next", ({ state }) => state.nextCheckAtMs),
    time("last_update", "When its last result arrived", ({ state }) => state.lastReceivedAtMs),
    time("last_state_change", "When its state changed last, SOFT or HARD", ({ state }) => state.lastStateChangeAtMs),
    time("last_hard_state_change", "When its HARD state changed last", ({ state }) => state.lastHardStateChangeAtMs),
    time("last_time_ok", "When it was last OK", lastTimeIn(0)),
    time("last_time_warning", "When it was last WARNING; 0 unless it is now", lastTimeIn(1)),
    time("last_time_critical", "When it was last CRITICAL; 0 unless it is now", lastTimeIn(2)),
    time("last_time_unknown", "When it was last UNKNOWN; 0 unless it is now", lastTimeIn(3)),
    time("last_time_up", "When it was last UP", lastTimeIn(0)),
    time("last_time_down", "When it was last DOWN; 0 unless it is now", lastTimeIn(1)),
    time("last_time_unreachable", "When it was last UNREACHABLE; 0 unless it is now", lastTimeIn(2)),
  ];
}
