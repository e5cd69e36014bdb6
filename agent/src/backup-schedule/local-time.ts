/** A moment as clocks and calendars of a zone show it. */
export interface LocalTime {
  /** 1 is Monday, 7 Sunday. */
  readonly day: number;
  /** Since midnight. */
  readonly minutes: number;
}

const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** What a clock in this zone (IANA) shows at an instant in ms UTC. Throws RangeError for a zone that is none. */
export function localTime(atMs: number, timeZone: string): LocalTime {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(atMs);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  return { day: days.indexOf(part("weekday")) + 1, minutes: Number(part("hour")) * 60 + Number(part("minute")) };
}

/** `22:30` as minutes since midnight. Pure. */
export function minutesOf(timeOfDay: string): number {
  const [hours = 0, minutes = 0] = timeOfDay.split(":").map(Number);
  return hours * 60 + minutes;
}
