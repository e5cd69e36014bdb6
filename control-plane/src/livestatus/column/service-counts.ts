import type { ViewedService } from "../../status-view/index.ts";
import type { QueryContext } from "../query/context.ts";
import { type Column, int } from "./column.ts";
import { badnessOf, hasBeenChecked, shownHardState, shownState } from "./shown-state.ts";

type Services<Row> = (row: Row, context: QueryContext) => readonly ViewedService[];
type Test = (service: ViewedService, context: QueryContext) => boolean;

const words = ["ok", "warn", "crit", "unknown"] as const;

/** How many services of what a row stands for are in which state, and the worst of them: of a host, a host group, a service group. */
export function serviceCountColumns<Row>(servicesOf: Services<Row>): Column<Row>[] {
  const counted = (name: string, description: string, test: Test) =>
    int<Row>(name, description, (row, context) => {
      let count = 0;
      for (const service of servicesOf(row, context)) if (test(service, context)) count++;
      return count;
    });
  const worst = (name: string, description: string, stateOf: (service: ViewedService) => number) =>
    int<Row>(name, description, (row, context) => {
      let found = 0;
      for (const service of servicesOf(row, context)) {
        const state = hasBeenChecked(service) ? stateOf(service) : 0;
        if (badnessOf(state) > badnessOf(found)) found = state;
      }
      return found;
    });
  return [
    int<Row>("num_services", "How many services", (row, context) => servicesOf(row, context).length),
    counted("num_services_pending", "How many of which nothing is known yet", (service) => !hasBeenChecked(service)),
    ...words.map((word, state) =>
      counted(
        `num_services_${word}`,
        `How many in state ${state}`,
        (service) => hasBeenChecked(service) && shownState(service) === state,
      ),
    ),
    ...words.map((word, state) =>
      counted(
        `num_services_hard_${word}`,
        `How many in HARD state ${state}`,
        (service) => hasBeenChecked(service) && shownHardState(service) === state,
      ),
    ),
    counted(
      "num_services_handled_problems",
      "How many problems somebody takes care of",
      (service, context) => isProblem(service) && isHandled(service, context),
    ),
    counted(
      "num_services_unhandled_problems",
      "How many problems nobody takes care of",
      (service, context) => isProblem(service) && !isHandled(service, context),
    ),
    worst("worst_service_state", "The worst state: CRITICAL, UNKNOWN, WARNING, OK", shownState),
    worst("worst_service_hard_state", "The worst HARD state", shownHardState),
  ];
}

function isProblem(service: ViewedService): boolean {
  return hasBeenChecked(service) && shownState(service) !== 0;
}

function isHandled(service: ViewedService, { view, nowMs }: QueryContext): boolean {
  return service.state.acknowledgementId !== null || view.activeDowntimesOf(service, nowMs).length > 0;
}
