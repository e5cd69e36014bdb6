import type { Stored } from "@mycloud/protocol/definition";
import { dict, flag, int, list, text } from "../column/index.ts";
import type { QueryContext } from "../query/context.ts";
import type { Table } from "./table.ts";

interface Command {
  readonly id: number;
  readonly name: string;
  readonly line: string;
}

/** What checks and event handlers run. */
export function commandsOf({ view, viewer }: QueryContext): Command[] {
  if (viewer.kind === "nothing") return [];
  const names = new Set([...view.definitions.checks.values()].map((check) => check.command));
  const checks = [...names].sort().map((name) => ({ name, line: `mycloud check ${name} $ARG1$` }));
  const handlers = view.definitions.eventHandlers.map((handler) => ({
    name: handler.command,
    line: [handler.command, ...handler.arguments].join(" "),
  }));
  const all = [...checks, ...handlers.filter((handler) => !names.has(handler.name))];
  return all.map((command, index) => ({ ...command, id: index + 1 }));
}

export const commands: Table<Command> = {
  name: "commands",
  columns: [
    int("id", "Its place in this list", (command) => command.id),
    text("name", "Name", (command) => command.name),
    text("line", "What is run", (command) => command.line),
    list("custom_variable_names", "Always empty", () => []),
    list("custom_variable_values", "Always empty", () => []),
    dict("custom_variables", "Always empty", () => ({})),
    int("modified_attributes", "Always 0", () => 0),
    list("modified_attributes_list", "Always empty", () => []),
  ],
  rows: commandsOf,
};

type TimePeriod = Stored<"TimePeriod">;

const month = /^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i;
/** Nagios' five kinds of exceptions, by how their days are written. */
const exceptionKinds: readonly (readonly [kind: string, test: (days: string) => boolean])[] = [
  ["calendar_dates", (days) => /^\d/.test(days)],
  ["month_date", (days) => month.test(days)],
  ["month_day", (days) => /^day /i.test(days)],
  ["month_week_day", (days) => isWeekday(days) && month.test(days.split(/\s+/)[2] ?? "")],
  ["week_day", (days) => isWeekday(days) && !month.test(days.split(/\s+/)[2] ?? "")],
];

function isWeekday(days: string): boolean {
  return /^(mon|tue|wed|thu|fri|sat|sun)/i.test(days);
}

export const timePeriods: Table<TimePeriod> = {
  name: "timeperiods",
  columns: [
    int("id", "Our own number of it", (period) => period.id),
    text("name", "Name", (period) => period.name),
    text("alias", "What it is called for people", (period) => period.alias || period.name),
    flag("in", "Whether now is in it", (period, { isInPeriod }) => isInPeriod(period.name)),
    list("days", "Weekdays with their times", (period) =>
      Object.entries(period.weekly).map(([day, times]) => [day, (times ?? []).join(",")]),
    ),
    list("exceptions", "Days that have their own times", (period) =>
      period.exceptions.map(({ days, times }) => [days, times.join(",")]),
    ),
    ...exceptionKinds.map(([kind, test]) =>
      list<TimePeriod>(`exceptions_${kind}`, "Those of the exceptions that are of this kind", (period) =>
        period.exceptions.flatMap(({ days, times }) => (test(days) ? [`${days} ${times.join(",")}`] : [])),
      ),
    ),
    list("exclusions", "Names of periods that are taken out", (period) => period.exclude),
    text("time_zone", "The zone of its times", (period) => period.timeZone),
  ],
  rows: ({ view, viewer }) => (viewer.kind === "nothing" ? [] : view.definitions.timePeriods),
  find: ({ view }, name) => view.definitions.timePeriods.find((period) => period.name === name),
};
