import type { ViewedObject } from "../../status-view/index.ts";
import type { QueryContext } from "../query/context.ts";
import { type Column, flag, list } from "./column.ts";
import { nameOf, seen } from "./monitored-object.ts";

/** What it is broken because of, and what because of it. */
export function causeColumns(): Column<ViewedObject>[] {
  return [
    flag("is_problem", "Whether it is broken by itself", (object, { view }) => view.roots.isProblem(object)),
    flag(
      "is_impact",
      "Whether it is broken because something else is",
      (object, { view }) => view.roots.sourcesOf(object).length > 0,
    ),
    list("source_problems", "What it is broken because of: host, or host/service", (object, context) =>
      seen(context.view.roots.sourcesOf(object), context).map(nameOf),
    ),
    list("impacts", "What is broken because of it", (object, context) =>
      seen(context.view.roots.impactsOf(object), context).map(nameOf),
    ),
    flag("got_business_rule", "Whether its state is computed from others", (object) => isBusinessRule(object)),
    list("parent_dependencies", "What it hangs on", (object, context) =>
      seen(context.view.roots.parentsOf(object), context).map(nameOf),
    ),
    list("child_dependencies", "What hangs on it", (object, context) =>
      seen(context.view.roots.childrenOf(object), context).map(nameOf),
    ),
    list("depends_exec", "What its checks depend on", (object, context) =>
      dependencyNames(object, context, "executionFailureStates"),
    ),
    list("depends_notify", "What its notifications depend on", (object, context) =>
      dependencyNames(object, context, "notificationFailureStates"),
    ),
    list(
      "depends_exec_with_info",
      "What its checks depend on, with states, period and whether inherited",
      (object, context) => dependencyDetails(object, context, "executionFailureStates"),
    ),
    list(
      "depends_notify_with_info",
      "What its notifications depend on, with states, period and whether inherited",
      (object, context) => dependencyDetails(object, context, "notificationFailureStates"),
    ),
  ];
}

type FailureStates = "executionFailureStates" | "notificationFailureStates";

function dependenciesOf(object: ViewedObject, { view }: QueryContext, states: FailureStates) {
  return view.roots.dependenciesOf(object).filter(({ dependency }) => dependency[states].length > 0);
}

function dependencyNames(object: ViewedObject, context: QueryContext, states: FailureStates): string[] {
  const masters = dependenciesOf(object, context, states).flatMap((found) => found.masters);
  return [...new Set(seen(masters, context).map(nameOf))];
}

function dependencyDetails(object: ViewedObject, context: QueryContext, states: FailureStates) {
  return dependenciesOf(object, context, states).flatMap(({ dependency, masters }) =>
    seen(masters, context).map((master) => [
      nameOf(master),
      dependency[states].join(","),
      dependency.period ?? "",
      dependency.isTransitive ? 1 : 0,
    ]),
  );
}

function isBusinessRule(object: ViewedObject): boolean {
  return object.kind === "service" && object.check?.command === "bp_rule";
}
