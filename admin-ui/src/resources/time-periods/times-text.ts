import { type TimePeriodInput, weekdays } from "@mycloud/protocol/time-period";

/** Reads `09:00-12:00, 13:00-17:00` into time ranges, commas, semicolons or blanks between them; whether each is one says the schema. Pure. */
export function parseTimes(text: string): string[] {
  return text
    .replaceAll(/\s*[-–]\s*/g, "-")
    .split(/[\s,;]+/)
    .filter((word) => word !== "");
}

/** Writes time ranges as `parseTimes` reads them. Pure. */
export function formatTimes(times: readonly string[]): string {
  return times.join(", ");
}

const short = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** The week of a period in one line: `Mon–Fri 09:00-17:00; Sat 10:00-14:00`. Pure. */
export function weeklyText(weekly: TimePeriodInput["weekly"]): string {
  const runs: { first: number; last: number; times: string }[] = [];
  weekdays.forEach((weekday, index) => {
    const times = formatTimes(weekly[weekday] ?? []);
    const run = runs.at(-1);
    if (times === "") return;
    if (run && run.last === index - 1 && run.times === times) run.last = index;
    else runs.push({ first: index, last: index, times });
  });
  if (runs.length === 0) return "never, but for exceptions";
  return runs
    .map(({ first, last, times }) => `${short[first]}${last > first ? `–${short[last]}` : ""} ${times}`)
    .join("; ");
}
