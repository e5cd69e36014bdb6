import type { Stored } from "@mycloud/protocol/definition";
import { flag, int, list, text } from "../column/index.ts";
import type { QueryContext } from "../query/context.ts";
import type { Table } from "./table.ts";

interface Command {
  readonly name: string;
  readonly line: string;
}

function commandsOf({ view, viewer }: QueryContext): Command[] {
  if (viewer.kind === "nothing") return [];
  const names = new Set([...view.definitions.checks.values()].map((check) => check.command));
  const checks = [...names].sort().map((name) => ({ name, line: `mycloud check ${name} $ARG1$` }));
  const handlers = view.definitions.eventHandlers.map((handler) => ({
    name: handler.command,
    line: [handler.command, ...handler.arguments].join(" "),
  }));
  return [...checks, ...handlers.filter((handler) => !names.has(handler.name))];
}

export const commands: Table<Command> = {
  name: "commands",
  columns: [text("name", "Name", (command) => command.name), text("line", "What is run", (command) => command.line)],
  rows: commandsOf,
};

type TimePeriod = Stored<"TimePeriod">;

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
    list("exclusions", "Names of periods that are taken out", (period) => period.exclude),
    text("time_zone", "The zone of its times", (period) => period.timeZone),
  ],
  rows: ({ view, viewer }) => (viewer.kind === "nothing" ? [] : view.definitions.timePeriods),
  find: ({ view }, name) => view.definitions.timePeriods.find((period) => period.name === name),
};
