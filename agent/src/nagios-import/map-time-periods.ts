import { listOf, type NagiosNamed, placeOf, textOf } from "@mycloud/checks/nagios-objects";
import { parseDateRange, weekdays } from "@mycloud/protocol/time-period";
import type { ImportContext, ImportedResource } from "./context.ts";

const timesForm = /\s+((?:\d{1,2}:\d{2}-\d{1,2}:\d{2})(?:\s*,\s*\d{1,2}:\d{2}-\d{1,2}:\d{2})*)$/;

/** Time periods, in the zone of the old system. */
export function mapTimePeriods(context: ImportContext): ImportedResource[] {
  return context.configuration.timePeriods.map((period) => mapTimePeriod(period, context));
}

function mapTimePeriod(
  { name, object }: NagiosNamed,
  { remarks, resourceNames, options }: ImportContext,
): ImportedResource {
  const weekly: Record<string, string[]> = {};
  const exceptions: { days: string; times: string[] }[] = [];
  for (const directive of object.repeated) {
    const line = `${directive.name} ${directive.value}`.trim();
    const found = timesForm.exec(line);
    const days = line.slice(0, found?.index ?? 0).toLowerCase();
    const times = (found?.[1] ?? "").split(",").map((range) => range.trim());
    if (found === null)
      remarks.add(directive.place, `time period ${name}: ${line}`, "is not days and times HH:MM-HH:MM");
    else if (weekdays.some((weekday) => weekday === days)) weekly[days] ??= effective(times);
    else if (parseDateRange(days) !== null) exceptions.push({ days, times: effective(times) });
    else remarks.add(directive.place, `time period ${name}: ${line}`, "has none of the forms of days");
  }
  const alias = textOf(object, "alias");
  return {
    kind: "TimePeriod",
    name: resourceNames(name, object.place),
    spec: {
      alias: alias?.slice(0, 255) ?? "",
      timeZone: options.timeZone,
      weekly,
      exceptions,
      exclude: listOf(textOf(object, "exclude")).map((other) => resourceNames(other, placeOf(object, "exclude"))),
    },
  };
}

/** `00:00-00:00` is how Nagios writes no time at all. */
function effective(times: readonly string[]): string[] {
  return times.filter((range) => {
    const [start, end] = range.split("-");
    return start !== end;
  });
}
