import type { ViewedObject } from "../../status-view/index.ts";
import type { QueryContext } from "../query/context.ts";
import { checkIntervalSeconds } from "./check-of.ts";
import { type Column, flag, float, int, text } from "./column.ts";
import { hostOf } from "./monitored-object.ts";
import { hasBeenChecked, shownHardState, shownState } from "./shown-state.ts";

/** What an object is in, and what its last result said. */
export function stateColumns(): Column<ViewedObject>[] {
  return [
    int(
      "state",
      "Present state: services 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN; hosts 0 UP, 1 DOWN, 2 UNREACHABLE; what is stale is 3, a host 2",
      shownState,
    ),
    int("hard_state", "The last state that was believed (HARD)", shownHardState),
    int("last_hard_state", "The last state that was believed (HARD)", shownHardState),
    int("last_state", "The state before a SOFT one, else the present one", ({ state }) =>
      state.isHard ? state.state : state.lastHardState,
    ),
    int("initial_state", "Always 0: nothing is assumed", () => 0),
    flag("state_type", "0 SOFT, 1 HARD", ({ state }) => state.isHard || state.isStale),
    flag(
      "is_reachable",
      "Whether no host on the way to it is broken",
      (object) => shownState(hostOf(object)) !== 2 || hostOf(object).state.isStale,
    ),
    flag("has_been_checked", "Whether anything is known of it (0 = PENDING)", hasBeenChecked),
    flag("is_stale", "Whether its last result is overdue", ({ state }) => state.isStale),
    float("staleness", "Age of the last result in intervals; above 1.5 it is late", stalenessOf),
    flag("is_flapping", "Whether it changes state too often", ({ state }) => state.isFlapping),
    float(
      "percent_state_change",
      "How much of the last 21 results were changes, weighted",
      ({ state }) => state.percentStateChange,
    ),
    int("current_attempt", "Attempts in this state so far", ({ state }) => state.attempt),
    int("max_check_attempts", "Attempts until a state is HARD", (object) => object.maxCheckAttempts),
    text("plugin_output", "First line of the last result", ({ state }) => state.output),
    text(
      "long_plugin_output",
      "The other lines of the last result",
      (object, { longOutputs }) => longOutputs.get(object) ?? object.state.longOutput,
      "long-outputs",
    ),
    text("perf_data", "Performance data of the last result", ({ state }) => state.perfdata),
    flag("is_executing", "Always 0: agents run checks", () => false),
    float("execution_time", "Seconds the last check took", ({ state }) => state.executionTimeSeconds ?? 0),
    float("latency", "Seconds the last check started late", ({ state }) => state.latencySeconds ?? 0),
    flag("acknowledged", "Whether its problem is acknowledged", ({ state }) => state.acknowledgementId !== null),
    int("acknowledgement_type", "0 none, 1 until the state changes, 2 until recovery", (object, { view }) => {
      const acknowledgement = view.acknowledgementOf(object);
      return acknowledgement === undefined ? 0 : acknowledgement.isSticky ? 2 : 1;
    }),
    int(
      "scheduled_downtime_depth",
      "How many downtimes it is in now",
      (object, { view, nowMs }) => view.activeDowntimesOf(object, nowMs).length,
    ),
    int(
      "pending_flex_downtime",
      "How many flexible downtimes wait for its first bad state",
      (object, { view, nowMs }) =>
        view.coverage.downtimesOf(object).filter((downtime) => !downtime.isFixed && downtime.startAtMs <= nowMs)
          .length - view.activeDowntimesOf(object, nowMs).filter((downtime) => !downtime.isFixed).length,
    ),
  ];
}

/** What is known to be stale is above every threshold; what nobody expects results of is never late. */
function stalenessOf(object: ViewedObject, { nowMs }: QueryContext): number {
  const { lastCheckAtMs, isStale } = object.state;
  if (isStale) return 1000;
  const intervalMs = checkIntervalSeconds(object) * 1000;
  if (lastCheckAtMs === null || intervalMs === 0) return 0;
  return Math.max(0, (nowMs - lastCheckAtMs) / intervalMs);
}
