import type { ViewedObject } from "../../status-view/index.ts";
import type { QueryContext } from "../query/context.ts";
import { type Column, flag, float, int, list, text, time } from "./column.ts";

/** Who is told of it, and who was. */
export function notificationColumns(): Column<ViewedObject>[] {
  const told = ({ state }: ViewedObject, { toldOfProblems }: QueryContext) =>
    state.problemId === null ? undefined : toldOfProblems.get(state.problemId);
  return [
    list("contacts", "Names of those that rules tell of it", (object, { view }) =>
      view.coverage.contactsOf(object).map((contact) => contact.name),
    ),
    list("contact_groups", "Names of contact groups with somebody told of it", (object, { view }) =>
      view.coverage.contactGroupsOf(object),
    ),
    text(
      "notification_period",
      "The time period of the first rule that covers it; empty = always",
      (object, { view }) => view.coverage.ruleOf(object)?.period ?? "",
    ),
    flag("in_notification_period", "Whether it is in that now", (object, { view, isInPeriod }) =>
      isInPeriod(view.coverage.ruleOf(object)?.period ?? null),
    ),
    float(
      "notification_interval",
      "Minutes until somebody is told again; 0 = once",
      (object, { view }) => (view.coverage.ruleOf(object)?.repeatIntervalSeconds ?? 0) / 60,
    ),
    float(
      "first_notification_delay",
      "Minutes until somebody is told first",
      (object, { view }) => (view.coverage.ruleOf(object)?.firstDelaySeconds ?? 0) / 60,
    ),
    int(
      "current_notification_number",
      "How often somebody was told of the open problem",
      (object, context) => told(object, context)?.count ?? 0,
      "told-of-problems",
    ),
    time(
      "last_notification",
      "When somebody was last told of the open problem",
      (object, context) => told(object, context)?.lastAtMs ?? null,
      "told-of-problems",
    ),
    time("next_notification", "Always 0: rules decide when it is due", () => null),
    int("notified_on", "Always 0", () => 0),
    flag("no_more_notifications", "Always 0", () => false),
    text("notification_postponement_reason", "Always empty", () => ""),
  ];
}
